package dev.serving.trace.export;

import java.security.cert.CertPathBuilderException;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What can be wrong between two ends of TLS, or between TLS and none, and which setting mends it.
 */
enum TlsFault {
  /** Nobody that is trusted says that the receiver is who it is. */
  UNKNOWN_AUTHORITY(
      chain -> chain.has(CertPathBuilderException.class) || chain.says("unable to find valid cert"),
      "no authority that is trusted here has signed the receiver's certificate: name the one that"
          + " has in OTEL_EXPORTER_OTLP_CERTIFICATE"),
  /** It is somebody else. */
  OTHER_HOST(
      chain -> chain.says("no subject alternative", "no name matching", "not verified"),
      "the receiver's certificate is for another host: OTEL_EXPORTER_OTLP_ENDPOINT must name it as"
          + " its certificate does"),
  /** It wants to know who we are. */
  NO_CLIENT_CERTIFICATE(
      chain -> chain.says("certificate_required", "bad_certificate", "unknown_ca"),
      "the receiver asks for a client's certificate that it knows: name one, and its key, in"
          + " OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY"),
  /** We speak TLS and it does not. */
  PLAIN_RECEIVER(
      chain -> chain.says("unsupported or unrecognized ssl message"),
      "the receiver speaks no TLS: let OTEL_EXPORTER_OTLP_ENDPOINT begin with http://"),
  /** It speaks TLS and we do not: what it says is the record of an alert, 21 3 x. */
  SECURE_RECEIVER(
      chain -> chain.says("\u0015\u0003", "frame_size_error: 13770", "http request to an https"),
      "the receiver speaks TLS: let OTEL_EXPORTER_OTLP_ENDPOINT begin with https://");

  private static final int MOST_CAUSES = 10;

  private final Predicate<Chain> shows;
  private final String cure;

  TlsFault(Predicate<Chain> shows, String cure) {
    this.shows = shows;
    this.cure = cure;
  }

  /** What to do about a failed attempt, ended by a space; "" where it was not about TLS. */
  static String hint(Throwable failure) {
    Chain chain = new Chain(failure);
    for (TlsFault fault : values()) {
      if (fault.shows.test(chain)) {
        return fault.cure + ". ";
      }
    }
    return "";
  }

  /** A failure and what it came of. */
  private record Chain(Throwable failure) {
    boolean has(Class<? extends Throwable> type) {
      return any(type::isInstance);
    }

    boolean says(String... words) {
      return any(cause -> says(String.valueOf(cause.getMessage()), words));
    }

    private static boolean says(String message, String... words) {
      String text = message.toLowerCase(Locale.ROOT);
      for (String word : words) {
        if (text.contains(word)) {
          return true;
        }
      }
      return false;
    }

    private boolean any(Predicate<Throwable> test) {
      Throwable cause = failure;
      for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
        if (test.test(cause)) {
          return true;
        }
        cause = cause.getCause();
      }
      return false;
    }
  }
}
