package dev.serving.template;

import java.util.List;

/** Jinja's undefined: empty, false, and an error as soon as more is asked of it. */
record Undefined(TemplateException.Kind kind, String message) implements Value {
  Undefined(String message) {
    this(TemplateException.Kind.UNDEFINED, message);
  }

  /** What is found where {@code owner} has no element or attribute {@code key}. */
  static Undefined missing(Value owner, Value key) {
    String type = owner == None.NONE ? "None" : owner.typeName() + " object";
    String shown = TextBuilder.represent(key);
    return new Undefined(
        key instanceof Text
            ? "'" + type + "' has no attribute " + shown
            : type + " has no element " + shown);
  }

  /** What is found where the sandbox forbids an attribute. */
  static Undefined unsafe(Value owner, String name) {
    return new Undefined(
        TemplateException.Kind.SECURITY,
        "access to attribute '" + name + "' of '" + owner.typeName() + "' object is unsafe.");
  }

  TemplateException error() {
    return new TemplateException(kind, message);
  }

  @Override
  public String typeName() {
    return "Undefined";
  }

  @Override
  public boolean truth() {
    return false;
  }

  @Override
  public void write(TextBuilder out) {
    // Nothing: this is how templates leave out what is missing.
  }

  @Override
  public void represent(TextBuilder out) {
    out.append("Undefined");
  }

  @Override
  public List<Value> elements() {
    return List.of();
  }

  @Override
  public int length() {
    return 0;
  }

  @Override
  public Value item(Value key) {
    throw error();
  }

  @Override
  public Value attribute(String name) {
    throw error();
  }

  @Override
  public boolean contains(Context context, Value element) {
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
