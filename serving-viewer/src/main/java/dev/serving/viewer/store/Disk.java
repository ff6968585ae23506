package dev.serving.viewer.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps a store's directory as its blocks are; does nothing for a store that has none. */
final class Disk implements AutoCloseable {
  private final BlockFiles files;

  /** The blocks at one moment, how full each was, and the numbers of those that went. */
  record Moment(List<Block> blocks, List<Integer> ends, List<Integer> gone) {
    static Moment of(List<Block> blocks, List<Integer> gone) {
      List<Integer> ends = new ArrayList<>();
      blocks.forEach(block -> ends.add(block.used()));
      return new Moment(List.copyOf(blocks), ends, List.copyOf(gone));
    }
  }

  /** Gives the moment to be written; called once no other writing is under way. */
  @FunctionalInterface
  interface Now {
    Moment moment();
  }

  Disk(StoreConfig config) {
    this.files = config.directory().map(BlockFiles::open).orElse(null);
  }

  /** Shows every block that can be read, the oldest first. */
  void read(Consumer<BlockFiles.Found> reader) {
    if (files != null) {
      files.read().forEach(reader);
    }
  }

  /** Writes what is not there yet. */
  synchronized void write(Now now) throws IOException {
    if (files == null) {
      return;
    }
    Moment moment = now.moment();
    for (int number : moment.gone()) {
      files.delete(number);
    }
    for (int i = 0; i < moment.blocks().size(); i++) {
      write(moment.blocks().get(i), moment.ends().get(i));
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (files != null) {
      files.close();
    }
  }

  private void write(Block block, int end) throws IOException {
    if (block.kept < end) {
      files.write(block.number, block.bytes, block.kept, end);
      block.kept = end;
    }
  }
}
