package dev.serving.core.frontend.http;

import dev.serving.core.frontend.api.ApiError;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a body is JSON in UTF-8 by its own account. One that says nothing is refused like one
 * that says otherwise: a page of any site can have a browser send bytes without a type, unasked.
 */
final class MediaType {
  private MediaType() {}

  static Optional<ApiError> refusal(RequestHead head) {
    String encoding = head.header("content-encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      return refuse("Content encoding '" + encoding + "' is not supported; send plain bytes.");
    }
    String type = head.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    int semicolon = type.indexOf(';');
    String media = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    if (!media.equals("application/json")) {
      return refuse(
          (media.isEmpty()
                  ? "There is no content type"
                  : "Content type '" + media + "' is not taken")
              + "; send 'Content-Type: application/json'.");
    }
    String charset = semicolon < 0 ? "" : type.substring(semicolon + 1).replaceAll("[\\s\"]", "");
    if (charset.startsWith("charset=") && !charset.matches("charset=(utf-?8|us-ascii).*")) {
      return refuse("Only the charset utf-8 is supported.");
    }
    return Optional.empty();
  }

  private static Optional<ApiError> refuse(String message) {
    return Optional.of(ApiError.mediaType(message));
  }
}
