package dev.serving.template;

import java.util.List;

/** Filters that make text. */
final class TextFilters {
  private TextFilters() {}

  static void addTo(Builtin.Table table) {
    table
        .add("string safe", "", Call::selfText)
        .add("upper", "", TextCase::upper)
        .add("lower", "", TextCase::lower)
        .add("capitalize", "", TextCase::capitalize)
        .add("title", "", TextCase::titleWords)
        .add("trim", "chars", call -> call.selfText().strip(call.text(0), true, true))
        .add("tojson", "ensure_ascii indent separators sort_keys", Json::write)
        .add("escape e", "", TextFilters::escape)
        .add("replace", "old! new! count", TextFilters::replace)
        .add("indent", "width first blank", TextFilters::indent)
        .add("join", "d attribute", TextFilters::join)
        .add("format", "*", TextFilters::format);
  }

  private static Text escape(Call call) {
    Text text = call.selfText();
    TextBuilder out = call.newText();
    for (int i = 0; i < text.length(); i++) {
      String entity =
          switch (text.at(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\'' -> "&#39;";
            case '"' -> "&#34;";
            default -> Character.toString(text.at(i));
          };
      out.append(entity, text.marked(i));
    }
    return out.toText();
  }

  private static Text replace(Call call) {
    int count = call.value(2) == None.NONE ? -1 : call.integer(2, -1);
    return TextSplit.replace(
        call.context(), call.selfText(), call.string(0, ""), call.string(1, ""), count);
  }

  private static Text indent(Call call) {
    int width = call.value(0) instanceof Text ? 0 : Math.max(0, call.integer(0, 4));
    call.context().budget().requireSize(width);
    Text indent =
        call.value(0) instanceof Text text
            ? text
            : call.newText().repeat(Text.literal(" "), width).toText();
    Text newLine = Text.literal("\n");
    TextBuilder out = call.newText();
    List<Value> lines = TextSplit.split(call.context(), call.selfText(), newLine, -1).elements();
    for (int i = 0; i < lines.size(); i++) {
      boolean indented = i == 0 ? call.truth(1) : call.truth(2) || lines.get(i).truth();
      out.append(i == 0 ? Text.EMPTY : newLine)
          .append(indented ? indent : Text.EMPTY)
          .append((Text) lines.get(i));
    }
    return out.toText();
  }

  private static Text join(Call call) {
    TextBuilder out = call.newText();
    Text separator = call.string(0, "");
    boolean first = true;
    for (Value element : call.self().elements()) {
      out.append(first ? Text.EMPTY : separator);
      Value shown = call.value(1) == null ? element : SelectionFilters.path(element, call.value(1));
      shown.write(out);
      first = false;
    }
    return out.toText();
  }

  private static Text format(Call call) {
    Arguments arguments = call.arguments();
    if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
      throw TemplateException.type(
          "can't handle positional and keyword arguments at the same time");
    }
    Value right =
        arguments.named().isEmpty()
            ? Items.tuple(arguments.positional())
            : Evaluation.dict(arguments.named());
    return PercentFormat.apply(call.context(), call.selfText(), right);
  }
}
