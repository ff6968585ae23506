package dev.serving.template;

import java.util.List;

/** What a filter such as {@code map} returns: true, without length, good for iterating. */
record Generator(List<Value> elements) implements Value {
  @Override
  public String typeName() {
    return "generator";
  }

  @Override
  public boolean contains(Context context, Value element) {
    return elements.contains(element);
  }

  @Override
  public int weight() {
    return elements.size() + 1;
  }
}
