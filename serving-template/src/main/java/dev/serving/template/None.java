package dev.serving.template;

/** Python's {@code None}. */
enum None implements Value {
  NONE;

  @Override
  public String typeName() {
    return "NoneType";
  }

  @Override
  public boolean truth() {
    return false;
  }

  @Override
  public void represent(TextBuilder out) {
    out.append("None");
  }
}
