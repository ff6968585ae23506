package dev.serving.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The address of a server that is asked by HTTP. */
final class HttpAddress implements ITypeConverter<URI> {
  @Override
  public URI convert(String text) {
    try {
      URI uri = new URI(text);
      boolean usable = uri.getScheme() != null && uri.getHost() != null && uri.getQuery() == null;
      if (usable && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // as any other that is none
    }
    throw new TypeConversionException("'" + text + "' is no address such as http://127.0.0.1:8000");
  }
}
