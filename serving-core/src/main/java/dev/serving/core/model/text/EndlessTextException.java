package dev.serving.core.model.text;

/** A text is so long that it makes more tokens than are wanted, whatever it says. */
public final class EndlessTextException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EndlessTextException(long least, int most) {
    super("at least " + least + " tokens; this model takes " + most);
  }
}
