package dev.serving.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Python {@code list} or {@code tuple}. */
final class Items implements Value {
  private final boolean tuple;
  private final List<Value> elements;
  private final int weight;
  private final int depth;

  private Items(boolean tuple, List<Value> elements) {
    this.tuple = tuple;
    this.elements = elements;
    this.weight = Nesting.weight(elements);
    this.depth = Nesting.depth(elements);
  }

  /** Makes a list; the argument must not change afterwards. */
  static Items list(List<Value> elements) {
    return new Items(false, elements);
  }

  static Items tuple(Value... elements) {
    return new Items(true, Arrays.asList(elements));
  }

  static Items tuple(List<Value> elements) {
    return new Items(true, elements);
  }

  /** Makes a list or tuple like this one. */
  Items like(List<Value> others) {
    return new Items(tuple, others);
  }

  boolean isTuple() {
    return tuple;
  }

  @Override
  public String typeName() {
    return tuple ? "tuple" : "list";
  }

  @Override
  public boolean truth() {
    return !elements.isEmpty();
  }

  @Override
  public void represent(TextBuilder out) {
    out.append(tuple ? "(" : "[");
    String separator = "";
    for (Value element : elements) {
      out.append(separator);
      element.represent(out);
      separator = ", ";
    }
    out.append(tuple ? elements.size() == 1 ? ",)" : ")" : "]");
  }

  @Override
  public List<Value> elements() {
    return elements;
  }

  @Override
  public int length() {
    return elements.size();
  }

  @Override
  public Value item(Value key) {
    int at = Slice.index(key, elements.size());
    return at < 0 ? null : elements.get(at);
  }

  @Override
  public Value attribute(String name) {
    return ListMethods.of(this, name);
  }

  @Override
  public boolean contains(Context context, Value element) {
    return elements.contains(element);
  }

  Items plus(Items other) {
    List<Value> joined = new ArrayList<>(elements);
    joined.addAll(other.elements);
    return like(joined);
  }

  @Override
  public int weight() {
    return weight;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Items items
        && items.tuple == tuple
        && (items.elements == elements
            || (items.weight == weight && items.elements.equals(elements)));
  }

  @Override
  public int hashCode() {
    return elements.hashCode();
  }
}
