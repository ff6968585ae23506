package dev.serving.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import zmq.Command;
import zmq.Ctx;
import zmq.Mailbox;
import zmq.ZObject;

class SignalOrderTest {
  private final Ctx context = new Ctx();
  private final Mailbox mailbox = new Mailbox(context, "test", 0);
  private final List<Command> atWakeUp = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    mailbox.close();
    context.terminate();
  }

  @Test
  void whoIsWokenFindsWhatWokeHim() throws Exception {
    wakesAtOnce();
    SignalOrder.mend(mailbox);
    SignalOrder.mend(mailbox);
    Command first = command(Command.Type.ACTIVATE_READ);
    Command second = command(Command.Type.ACTIVATE_WRITE);

    mailbox.send(first);
    mailbox.send(second);

    assertThat(atWakeUp).containsExactly(first, second);
    assertThat(mailbox.recv(0)).isNull();
  }

  /** Has the receiver look as soon as the byte that wakes it is written, as on a single core. */
  private void wakesAtOnce() throws ReflectiveOperationException {
    Object signaler = SignalOrder.field(Mailbox.class, "signaler").get(mailbox);
    Field sink = SignalOrder.field(signaler.getClass(), "w");
    sink.set(signaler, new Waking((Pipe.SinkChannel) sink.get(signaler)));
  }

  private static Command command(Command.Type type) throws ReflectiveOperationException {
    Constructor<Command> made =
        Command.class.getDeclaredConstructor(ZObject.class, Command.Type.class);
    made.setAccessible(true);
    return made.newInstance(null, type);
  }

  private final class Waking extends SignalOrder.Sink {
    Waking(Pipe.SinkChannel sink) {
      super(sink);
    }

    @Override
    public int write(ByteBuffer signal) throws IOException {
      int written = super.write(signal);
      atWakeUp.add(mailbox.recv(0));
      return written;
    }
  }
}
