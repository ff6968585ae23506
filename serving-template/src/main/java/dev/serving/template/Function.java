package dev.serving.template;

/** Something that a template can call. */
@FunctionalInterface
non-sealed interface Function extends Value {
  Value call(Context context, Arguments arguments);

  @Override
  default String typeName() {
    return "function";
  }
}
