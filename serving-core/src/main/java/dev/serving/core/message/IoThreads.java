package dev.serving.core.message;

import zmq.SocketBase;
import zmq.ZObject;
import zmq.io.IOThread;

/** Where a socket's I/O threads are to be had. */
final class IoThreads extends ZObject {
  private IoThreads(SocketBase socket) {
    super(socket);
  }

  /** The I/O thread of a socket's context, which has one. */
  static IOThread of(SocketBase socket) {
    return new IoThreads(socket).chooseIoThread(0);
  }
}
