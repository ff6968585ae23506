package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import java.security.cert.CertPathBuilderException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What can be wrong between two ends of TLS, or between TLS and none, and which setting mends it.
 *
 * @param shows tells it by a failure and what that came of
 * @param cure what is wrong and what to do
 */
record TlsFault(Predicate<Chain> shows, String cure) {
  /** What OkHttp makes of a record of TLS in place of a frame of HTTP/2: 0x1503 bytes and so on. */
  static final String ALERT_AS_FRAME = "FRAME_SIZE_ERROR: 13770";

  /** What else a receiver may be that does not understand plain text, and may not have said so. */
  static final String MAYBE_SECURE =
      "If it speaks TLS, let OTEL_EXPORTER_OTLP_ENDPOINT begin with https://. ";

  private static final int MOST_CAUSES = 10;
  private static final String[] HUNG_UP = {
    "broken pipe", "connection reset", "unexpected end of stream", "closed", "connectionshutdown"
  };

  private static final List<TlsFault> KNOWN =
      List.of(
          new TlsFault(
              chain -> chain.has(CertPathBuilderException.class),
              "no authority that is trusted here has signed the receiver's certificate: name the"
                  + " one that has in OTEL_EXPORTER_OTLP_CERTIFICATE"),
          new TlsFault(
              chain -> chain.says("no subject alternative", "no name matching", "not verified"),
              "the receiver's certificate is for another host: OTEL_EXPORTER_OTLP_ENDPOINT must"
                  + " name it as its certificate does"),
          new TlsFault(
              chain -> chain.says("certificate_required", "bad_certificate", "unknown_ca"),
              "the receiver asks for a client's certificate that it knows: name one, and its key,"
                  + " in OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY"),
          new TlsFault(
              chain -> chain.says("unsupported or unrecognized ssl message"),
              "the receiver speaks no TLS: let OTEL_EXPORTER_OTLP_ENDPOINT begin with http://"),
          // What it says is the record of an alert (21 3 x), or a sentence for people.
          new TlsFault(
              chain ->
                  chain.says(
                      "\u0015\u0003",
                      ALERT_AS_FRAME.toLowerCase(Locale.ROOT),
                      "to an https server"),
              "the receiver speaks TLS: let OTEL_EXPORTER_OTLP_ENDPOINT begin with https://"));

  /** What to do about a failed attempt, ended by a space; "" where it was not about TLS. */
  static String hint(Throwable failure, OtlpConfig config) {
    Chain chain = new Chain(failure);
    return KNOWN.stream()
        .filter(fault -> fault.shows.test(chain))
        .map(fault -> fault.cure + ". ")
        .findFirst()
        .orElseGet(() -> chain.says(HUNG_UP) ? guess(config) : "");
  }

  /** What to ask who configured a receiver that does not seem to speak this protocol. */
  static String otherPort(OtlpProtocol spoken) {
    return spoken == OtlpProtocol.GRPC
        ? "is this the port of OTLP over HTTP? "
        : "is this the port of gRPC? ";
  }

  /** Who is told nothing hangs up without a word: what it might have expected. */
  private static String guess(OtlpConfig config) {
    if (!"https".equals(config.uri().getScheme())) {
      return "the receiver hung up: " + otherPort(config.effectiveProtocol()) + MAYBE_SECURE;
    }
    return config.clientKey().isPresent()
        ? ""
        : "the receiver hung up: if it asks for a client's certificate, name one, and its key, in"
            + " OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY. ";
  }

  /** A failure and what it came of. */
  record Chain(Throwable failure) {
    boolean has(Class<? extends Throwable> type) {
      return causes().anyMatch(type::isInstance);
    }

    boolean says(String... words) {
      return causes()
          .map(cause -> cause.toString().toLowerCase(Locale.ROOT))
          .anyMatch(text -> Stream.of(words).anyMatch(text::contains));
    }

    private Stream<Throwable> causes() {
      return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
          .limit(MOST_CAUSES);
    }
  }
}
