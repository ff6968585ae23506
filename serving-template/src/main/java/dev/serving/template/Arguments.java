package dev.serving.template;

import java.util.List;
import java.util.Map;

/** The arguments of a call, evaluated. */
record Arguments(List<Value> positional, Map<String, Value> named) {
  /** Returns these without the first {@code count} positional ones. */
  Arguments skip(int count) {
    int from = Math.min(count, positional.size());
    return new Arguments(positional.subList(from, positional.size()), named);
  }
}
