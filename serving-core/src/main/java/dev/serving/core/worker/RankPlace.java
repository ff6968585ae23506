package dev.serving.core.worker;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a rank belongs. Holds a secret, so it goes to a child on its standard input.
 *
 * @param rank its number, from 0
 * @param size how many ranks the engine has
 * @param address where the engine listens
 * @param identity by which the engine knows the rank
 * @param sharedMemory directory of the ranks' shared memory, or null when there is one rank
 */
public record RankPlace(int rank, int size, String address, String identity, Path sharedMemory) {
  /** Refuses a rank outside its group, and a group without shared memory. */
  public RankPlace {
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException("there is no rank " + rank + " of " + size);
    }
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(identity, "identity");
    if (size > 1) {
      Objects.requireNonNull(sharedMemory, "sharedMemory");
    }
  }
}
