package dev.serving.template;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;

/** The methods of Python's {@code str}. */
final class TextMethods {
  private static final Builtin.Table TABLE = new Builtin.Table();

  static {
    TABLE
        .add("upper", "", TextCase::upper)
        .add("lower casefold", "", TextCase::lower)
        .add("capitalize", "", TextCase::capitalize)
        .add("title", "", TextCase::title)
        .add("strip", "chars", call -> self(call).strip(call.text(0), true, true))
        .add("lstrip", "chars", call -> self(call).strip(call.text(0), true, false))
        .add("rstrip", "chars", call -> self(call).strip(call.text(0), false, true))
        .add("removeprefix", "prefix!", TextMethods::removePrefix)
        .add("removesuffix", "suffix!", TextMethods::removeSuffix)
        .add("startswith", "prefix!", call -> anyAffix(call, Text::startsWith))
        .add("endswith", "suffix!", call -> anyAffix(call, Text::endsWith))
        .add(
            "split",
            "sep maxsplit",
            call -> TextSplit.split(call.context(), self(call), call.text(0), call.integer(1, -1)))
        .add(
            "rsplit",
            "sep maxsplit",
            call ->
                TextSplit.splitFromRight(
                    call.context(), self(call), call.text(0), call.integer(1, -1)))
        .add("splitlines", "keepends", call -> TextSplit.lines(self(call), call.truth(0)))
        .add(
            "partition",
            "sep!",
            call -> TextSplit.partition(call.context(), self(call), required(call), false))
        .add(
            "rpartition",
            "sep!",
            call -> TextSplit.partition(call.context(), self(call), required(call), true))
        .add("replace", "old! new! count", TextMethods::replace)
        .add("join", "iterable!", TextMethods::join)
        .add("find", "sub!", call -> Num.of(firstIndex(call)))
        .add("rfind", "sub!", call -> Num.of(lastIndex(call)))
        .add("index", "sub!", call -> found(firstIndex(call)))
        .add("rindex", "sub!", call -> found(lastIndex(call)))
        .add("count", "sub!", TextMethods::count)
        .add("isalpha", "", call -> all(call, Character::isLetter))
        .add("isdigit isdecimal isnumeric", "", call -> all(call, Character::isDigit))
        .add("isalnum", "", call -> all(call, Character::isLetterOrDigit))
        .add("isspace", "", call -> all(call, Text::isSpace))
        .add("isupper", "", call -> cased(call, Character::isUpperCase, Character::isLowerCase))
        .add("islower", "", call -> cased(call, Character::isLowerCase, Character::isUpperCase));
  }

  private TextMethods() {}

  static Value of(Text text, String name) {
    return TABLE.method(text, name);
  }

  private static Text self(Call call) {
    return (Text) call.self();
  }

  private static Text required(Call call) {
    Text text = call.text(0);
    if (text == null) {
      throw TemplateException.type("must be str, not NoneType");
    }
    return text;
  }

  private static Text removePrefix(Call call) {
    Text self = self(call);
    Text prefix = required(call);
    return self.startsWith(prefix) ? self.slice(prefix.length(), self.length()) : self;
  }

  private static Text removeSuffix(Call call) {
    Text self = self(call);
    Text suffix = required(call);
    return self.endsWith(suffix) ? self.slice(0, self.length() - suffix.length()) : self;
  }

  private static Value anyAffix(Call call, BiPredicate<Text, Text> test) {
    Value affix = call.value(0);
    List<Value> affixes =
        affix instanceof Items items && items.isTuple() ? items.elements() : List.of(affix);
    for (Value each : affixes) {
      if (!(each instanceof Text text)) {
        throw TemplateException.type(
            "first arg must be str or a tuple of str, not " + each.typeName());
      }
      if (test.test(self(call), text)) {
        return Num.TRUE;
      }
    }
    return Num.FALSE;
  }

  private static Text replace(Call call) {
    Text to = call.text(1);
    if (to == null) {
      throw TemplateException.type("replace() argument 2 must be str, not NoneType");
    }
    return TextSplit.replace(call.context(), self(call), required(call), to, call.integer(2, -1));
  }

  private static Text join(Call call) {
    TextBuilder out = call.newText();
    int index = 0;
    for (Value element : call.value(0).elements()) {
      if (!(element instanceof Text text)) {
        throw TemplateException.type(
            "sequence item " + index + ": expected str instance, " + element.typeName() + " found");
      }
      out.append(index++ == 0 ? Text.EMPTY : self(call)).append(text);
    }
    return out.toText();
  }

  private static int firstIndex(Call call) {
    return TextSearch.first(call.context(), self(call), required(call), 0);
  }

  private static int lastIndex(Call call) {
    return TextSearch.last(call.context(), self(call), required(call));
  }

  private static Value found(int index) {
    if (index < 0) {
      throw TemplateException.value("substring not found");
    }
    return Num.of(index);
  }

  private static Value count(Call call) {
    Text self = self(call);
    Text part = required(call);
    if (part.length() == 0) {
      return Num.of(self.length() + 1);
    }
    int count = TextSplit.split(call.context(), self, part, -1).length() - 1;
    return Num.of(count);
  }

  private static Value all(Call call, IntPredicate test) {
    Text self = self(call);
    return Num.of(self.length() > 0 && self.toString().codePoints().allMatch(test));
  }

  private static Value cased(Call call, IntPredicate wanted, IntPredicate unwanted) {
    String self = self(call).toString();
    return Num.of(self.codePoints().anyMatch(wanted) && self.codePoints().noneMatch(unwanted));
  }
}
