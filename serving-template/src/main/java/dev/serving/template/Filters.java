package dev.serving.template;

/** Jinja's filters by name; each kind has a class of its own. */
final class Filters {
  static final Builtin.Table TABLE = new Builtin.Table();

  static {
    TextFilters.addTo(TABLE);
    NumberFilters.addTo(TABLE);
    SequenceFilters.addTo(TABLE);
    SelectionFilters.addTo(TABLE);
  }

  private Filters() {}
}
