package dev.serving.blame;

/** The number by which the ledger knows a sequence. */
public final class StepKey {
  private static final long PRIME = 0x100000001b3L;

  private StepKey() {}

  /**
   * The number of a request's id. Ids are random and differ in many characters, so that two open
   * ones with the same number are as likely as two with the same id.
   */
  public static long of(String rid) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, then stirred
    for (int i = 0; i < rid.length(); i++) {
      hash = (hash ^ rid.charAt(i)) * PRIME;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
