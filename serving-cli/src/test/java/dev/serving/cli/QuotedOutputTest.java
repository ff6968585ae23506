package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.blame.Cause;
import dev.serving.core.lifecycle.LifecycleEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** This shows that what documents quote is what the program prints. */
final class QuotedOutputTest {
  private static final Path DOCS = ServingProcess.ROOT.resolve("docs");
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(\\S+ took .*?)^```$");
  private static final Pattern HEAD =
      Pattern.compile(
          "(\\S+) took (\\S+ ms) for (\\d+) tokens in and (\\d+) out;"
              + " alone it would (perhaps )?have taken about (\\S+ ms)\\.");
  private static final Pattern SENTENCE = Pattern.compile("([\\d.,]+ ms) ([^:]+?)(?:: (.*))?\\.");
  private static final Pattern NAME =
      Pattern.compile(
          "(\\S+) \\(([\\d.,]+ ms)(?:, (\\d+) (?:rows|KV blocks))?"
              + "(?:, a prompt of (\\d+) tokens)?\\)");
  private static final Pattern FIRST =
      Pattern.compile("The first token came after ([\\d.,]+ ms), most of it (.*)\\.");
  private static final Pattern WORST =
      Pattern.compile(
          "The longest wait for a further token was ([\\d.,]+ ms), for token (\\d+),"
              + " most of it (.*)\\.");
  private static final String POOR_FIT = "What rows cost is not known well yet";

  /** A message in quotes, or the first line of one that ends the program. */
  private static final Pattern MESSAGE =
      Pattern.compile("\"([A-Za-z-][^\"|]*)\"|`serving: ([^`]+)`|`([a-z]+ '…'[^`]+)`");

  /** What stands for a number or a name in a quoted message. */
  private static final Pattern PLACE = Pattern.compile("\\b[NM]\\b|…|\\d+");

  /** Texts of the sources: one of several lines, one at all, what is filled in. */
  private static final Pattern JOINED =
      Pattern.compile("\"\\s*(?:\\.formatted\\([^\"]*\\)\\s*)?\\+\\s*\"");

  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
  private static final Pattern FORMAT = Pattern.compile("%[,.\\d]*[a-z]");

  /** Each is read back into what the server must have told, and written again. */
  @TestFactory
  Stream<DynamicTest> whyIsToldAsItIsQuoted() throws IOException {
    return BLOCK
        .matcher(Files.readString(DOCS.resolve("why.md")))
        .results()
        .map(block -> block.group(1))
        .map(
            quote ->
                DynamicTest.dynamicTest(quote.lines().findFirst().orElseThrow(), () -> why(quote)));
  }

  private static void why(String quote) {
    List<String> quoted = sentences(quote);
    List<String> told = sentences(WhyText.of(request(quoted)));
    assertThat(told).isEqualTo(quoted);
    assertThat(quote).containsPattern("\\|[a-z]{60}\\|");
  }

  /** Without the bar and the table; a line that was too long for a document goes on indented. */
  private static List<String> sentences(String text) {
    String joined = text.replaceAll("\\n    ", " ");
    return joined.substring(0, joined.indexOf("\n\n")).lines().map(String::strip).toList();
  }

  private static ObjectNode request(List<String> lines) {
    Matcher head = match(HEAD, lines.get(0));
    ObjectNode request = JSON.createObjectNode();
    request.put("id", head.group(1));
    request.put("prompt_tokens", Integer.parseInt(head.group(3)));
    request.put("output_tokens", Integer.parseInt(head.group(4)));
    request.put("alone_from", head.group(5) == null ? "lone" : "crowd");
    request.put("alone_ns", nanos(head.group(6)));
    request.put("fit", lines.stream().anyMatch(line -> line.startsWith(POOR_FIT)) ? 0.4 : 0.9);
    ObjectNode total = request.putObject("total").put("ns", nanos(head.group(2)));
    total.put("top", advised(lines.get(lines.size() - 1)).label());
    ObjectNode causes = total.putObject("causes");
    ArrayNode culprits = total.putArray("culprits");
    for (String line : lines.subList(1, lines.size() - 1)) {
      Matcher sentence = SENTENCE.matcher(line);
      if (FIRST.matcher(line).matches()) {
        part(request.putObject("first_token"), match(FIRST, line), 2);
      } else if (WORST.matcher(line).matches()) {
        Matcher worst = match(WORST, line);
        ObjectNode token = request.putObject("worst_token");
        token.put("index", Integer.parseInt(worst.group(2)) - 1);
        part(token.putObject("part"), worst, 3);
      } else if (sentence.matches()) {
        Cause cause = meaning(sentence.group(2));
        causes.put(cause.label(), nanos(sentence.group(1)));
        names(culprits, cause, sentence.group(3));
      }
    }
    return request;
  }

  private static void part(ObjectNode part, Matcher said, int meaning) {
    part.put("ns", nanos(said.group(1))).put("top", meaning(said.group(meaning)).label());
  }

  private static void names(ArrayNode culprits, Cause cause, String names) {
    if (names == null) {
      return;
    }
    for (MatchResult name : NAME.matcher(names).results().toList()) {
      ObjectNode who = culprits.addObject().put("cause", cause.label());
      who.put("request", name.group(1)).put("ns", nanos(name.group(2)));
      if (name.group(3) != null) {
        who.put("amount", Integer.parseInt(name.group(3)));
      }
      if (name.group(4) != null) {
        who.put("prompt_tokens", Integer.parseInt(name.group(4)));
      }
    }
  }

  private static Matcher match(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    return matcher;
  }

  private static long nanos(String time) {
    return Math.round(Double.parseDouble(time.replaceAll("[^\\d.]", "")) * 1e6);
  }

  private static Cause meaning(String words) {
    return Stream.of(Cause.values())
        .filter(c -> c.meaning().equals(words))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no cause means '" + words + "'"));
  }

  private static Cause advised(String words) {
    return Stream.of(Cause.values())
        .filter(c -> c.advice().equals(words))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no cause advises '" + words + "'"));
  }

  @Test
  void theCausesAreThoseOfTheProgram() throws IOException {
    String page = Files.readString(DOCS.resolve("why.md"));
    List<String> rows =
        Stream.of(Cause.values())
            .map(c -> "| `%s` | %s | %s |".formatted(c.label(), c.meaning(), c.advice()))
            .toList();
    assertThat(page).contains(String.join("\n", rows));
  }

  /** Its line, and the name and stage of every event. */
  @Test
  void theLogsLinesAreThoseOfTheProgram() throws IOException {
    String page = Files.readString(DOCS.resolve("lifecycle-log.md"));
    MatchResult line =
        Pattern.compile("event=\"(\\w+)\" stage=\"(\\w+)\" request_id=\"[^\"]*\" trace_id=\"")
            .matcher(page)
            .results()
            .findFirst()
            .orElseThrow();
    assertThat(LifecycleEvent.valueOf(line.group(1)).stage().name()).isEqualTo(line.group(2));
    for (LifecycleEvent event : LifecycleEvent.values()) {
      assertThat(page.lines().filter(l -> l.contains("`" + event + "`")))
          .as(event.name())
          .anyMatch(l -> l.contains("`" + event.stage() + "`"));
    }
  }

  /** What operators are told that they will read is in the sources, up to numbers and names. */
  @Test
  void theMessagesAreThoseOfTheProgram() throws IOException {
    String sources = sources();
    List<Pattern> texts =
        TEXT.matcher(sources)
            .results()
            .map(text -> text.group(1))
            .filter(text -> text.contains(" ") && text.contains("%"))
            .map(QuotedOutputTest::filled)
            .toList();
    List<String> strange = new ArrayList<>();
    for (String document : List.of("operations.md", "security.md", "processes.md")) {
      MESSAGE
          .matcher(Files.readString(DOCS.resolve(document)))
          .results()
          .map(quote -> Stream.of(1, 2, 3).map(quote::group).filter(Objects::nonNull))
          .map(groups -> groups.findFirst().orElseThrow())
          .filter(quote -> texts.stream().noneMatch(text -> text.matcher(quote).matches()))
          .filter(quote -> !PLACE.splitAsStream(quote).allMatch(p -> sources.contains(p.strip())))
          .forEach(quote -> strange.add(document + ": " + quote));
    }
    assertThat(strange).isEmpty();
  }

  /** A text with whatever may stand for its numbers and names. */
  private static Pattern filled(String text) {
    Stream<String> parts = Stream.of(FORMAT.split(text, -1)).map(Pattern::quote);
    return Pattern.compile(parts.collect(Collectors.joining(".*")));
  }

  /** All of them, with texts of several lines as one. */
  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> modules = Files.list(ServingProcess.ROOT)) {
      for (Path module :
          modules.map(m -> m.resolve("src/main/java")).filter(Files::exists).toList()) {
        try (Stream<Path> files = Files.walk(module)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            all.append(Files.readString(file));
          }
        }
      }
    }
    return JOINED.matcher(all).replaceAll("");
  }

  @Test
  void theExitCodesAreThoseOfTheHelp() throws IOException {
    String page = Files.readString(DOCS.resolve("configuration.md"));
    for (String exit :
        List.of(Exits.ENDED, Exits.NOT_STARTED, Exits.WRONG, Exits.DIED, Exits.CUT)) {
      String[] code = exit.split(":", 2);
      assertThat(page.lines().filter(line -> line.startsWith("| " + code[0] + " |")))
          .as(exit)
          .anyMatch(line -> line.contains(code[1]));
    }
  }
}
