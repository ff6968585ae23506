package dev.serving.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Python {@code dict}. */
final class Dict implements Value {
  private final Map<Value, Value> entries;
  private final int weight;
  private final int depth;

  /** Makes a dict; the argument keeps its order and must not change afterwards. */
  Dict(Map<Value, Value> entries) {
    this.entries = entries;
    this.weight = Nesting.weight(entries.values()) + entries.size();
    this.depth = Nesting.depth(entries.values());
  }

  Map<Value, Value> entries() {
    return entries;
  }

  /** Returns the entries as tuples of key and value. */
  List<Value> pairs() {
    List<Value> pairs = new ArrayList<>(entries.size());
    entries.forEach((key, value) -> pairs.add(Items.tuple(key, value)));
    return pairs;
  }

  @Override
  public String typeName() {
    return "dict";
  }

  @Override
  public boolean truth() {
    return !entries.isEmpty();
  }

  @Override
  public void represent(TextBuilder out) {
    out.append("{");
    String separator = "";
    for (Map.Entry<Value, Value> entry : entries.entrySet()) {
      out.append(separator);
      entry.getKey().represent(out);
      out.append(": ");
      entry.getValue().represent(out);
      separator = ", ";
    }
    out.append("}");
  }

  @Override
  public List<Value> elements() {
    return new ArrayList<>(entries.keySet());
  }

  @Override
  public int length() {
    return entries.size();
  }

  @Override
  public Value item(Value key) {
    return isHashable(key) ? entries.get(key) : null;
  }

  @Override
  public Value attribute(String name) {
    return DictMethods.of(this, name);
  }

  @Override
  public boolean contains(Context context, Value element) {
    return entries.containsKey(requireHashable(element));
  }

  static Value requireHashable(Value key) {
    if (!isHashable(key)) {
      throw TemplateException.type("unhashable type: '" + key.typeName() + "'");
    }
    return key;
  }

  private static boolean isHashable(Value key) {
    return key instanceof Items items
        ? items.isTuple() && items.elements().stream().allMatch(Dict::isHashable)
        : !(key instanceof Dict);
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
    return other instanceof Dict dict && dict.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
