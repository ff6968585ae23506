package dev.serving.trace;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Opens one connection at a time to a receiver. For one thread, except {@link #hangUp}. */
final class OtlpDialer {
  private final OtlpConfig config;
  private final URI uri;
  private final OtlpProtocol protocol;
  private final SSLContext tls;
  private volatile Socket tcp = new Socket();

  /** Makes a dialer; {@code tls} is null for a plain connection. */
  OtlpDialer(OtlpConfig config, SSLContext tls) {
    this.config = config;
    this.uri = config.uri();
    this.protocol = config.effectiveProtocol();
    this.tls = tls;
  }

  /** Opens a connection, trying each address of the host. */
  OtlpConnection dial(Duration timeout) throws IOException {
    hangUp();
    IOException failed = new IOException("the host has no address");
    for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
      try {
        connect(new InetSocketAddress(address, uri.getPort()), timeout);
        return speak(tls == null ? tcp : secured());
      } catch (IOException e) {
        hangUp();
        failed = e;
      }
    }
    throw failed;
  }

  /** Ends the connection, also while another thread opens or uses it, which then fails. */
  void hangUp() {
    try {
      // Not the secured socket, whose closing could wait for a write that is stuck.
      tcp.close();
    } catch (IOException e) {
      // It is of no more use, closed or not.
      System.getLogger("dev.serving.trace").log(System.Logger.Level.DEBUG, "closing", e);
    }
  }

  private void connect(InetSocketAddress address, Duration timeout) throws IOException {
    tcp = new Socket();
    // Else the end of a request waits for the acknowledgement of its start, 40 ms later.
    tcp.setTcpNoDelay(true);
    tcp.connect(address, (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis())));
  }

  private OtlpConnection speak(Socket socket) throws IOException {
    return protocol == OtlpProtocol.GRPC
        ? new GrpcConnection(socket, config)
        : new HttpConnection(socket, config);
  }

  private SSLSocket secured() throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(tcp, uri.getHost(), uri.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(
        new String[] {protocol == OtlpProtocol.GRPC ? "h2" : "http/1.1"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
