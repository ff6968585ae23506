package dev.serving.template;

import java.util.List;

/** The variable {@code loop} within a {@code for}. */
final class Loop implements Value {
  private final List<Value> items;
  private final int level;
  private final Function recursion;
  private int index = -1;
  private List<Value> lastChanged;

  /**
   * Makes the variable of one run of a loop.
   *
   * @param recursion runs the loop again for {@code loop(…)}; null if it is not recursive
   */
  Loop(List<Value> items, int level, Function recursion) {
    this.items = items;
    this.level = level;
    this.recursion = recursion;
  }

  void advance() {
    index++;
  }

  Function recursion() {
    return recursion;
  }

  @Override
  public String typeName() {
    return "LoopContext";
  }

  @Override
  public Value attribute(String name) {
    int size = items.size();
    return switch (name) {
      case "index" -> Num.of(index + 1);
      case "index0" -> Num.of(index);
      case "revindex" -> Num.of(size - index);
      case "revindex0" -> Num.of(size - index - 1);
      case "first" -> Num.of(index == 0);
      case "last" -> Num.of(index == size - 1);
      case "length" -> Num.of(size);
      case "depth" -> Num.of(level + 1);
      case "depth0" -> Num.of(level);
      case "previtem" ->
          index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
      case "nextitem" ->
          index + 1 < size ? items.get(index + 1) : new Undefined("there is no next item");
      case "cycle" -> (Function) (context, arguments) -> cycle(arguments.positional());
      case "changed" -> (Function) (context, arguments) -> changed(arguments.positional());
      default -> null;
    };
  }

  private Value cycle(List<Value> values) {
    if (values.isEmpty()) {
      throw TemplateException.type("no items for cycling given");
    }
    return values.get(index % values.size());
  }

  private Value changed(List<Value> values) {
    boolean changed = !values.equals(lastChanged);
    lastChanged = values;
    return Num.of(changed);
  }
}
