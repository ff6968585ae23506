import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws the packages and the arrows between them into docs/architecture.md, from the imports of the
 * code itself. Run at the top of the repository:
 *
 * <pre>
 *   java tools/architecture/Architecture.java           writes the page's drawn part
 *   java tools/architecture/Architecture.java --check   says whether it is what the code says, by exit code
 * </pre>
 */
final class Architecture {
  private static final Path PAGE = Path.of("docs", "architecture.md");
  private static final String BEGIN = "<!-- drawn from here -->\n";
  private static final String END = "<!-- to here -->\n";
  private static final Pattern PACKAGE = Pattern.compile("^package (dev\\.serving\\.[\\w.]+);", Pattern.MULTILINE);
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?(dev\\.serving(?:\\.[a-z]\\w*)+)\\.[A-Z]", Pattern.MULTILINE);

  private final Map<String, Room> rooms = new TreeMap<>();

  public static void main(String[] args) throws IOException {
    String drawn = new Architecture().read().draw();
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (args.length > 0 && args[0].equals("--check")) {
      if (!page.substring(begin, end).equals(drawn)) {
        System.err.println(PAGE + " is stale: run java tools/architecture/Architecture.java");
        System.exit(1);
      }
      return;
    }
    Files.writeString(PAGE, page.substring(0, begin) + drawn + page.substring(end));
  }

  private Architecture read() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(""))) {
      for (Path module : modules.sorted().toList()) {
        Path sources = module.resolve(Path.of("src", "main", "java"));
        if (Files.isDirectory(sources)) {
          read(module.toString(), sources);
        }
      }
    }
    return this;
  }

  private void read(String module, Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
          .forEach(file -> read(module, text(file)));
    }
  }

  private void read(String module, String source) {
    Matcher declared = PACKAGE.matcher(source);
    if (!declared.find()) {
      return;
    }
    Room room = rooms.computeIfAbsent(declared.group(1), name -> new Room(module, name));
    Matcher imported = IMPORT.matcher(source);
    while (imported.find()) {
      if (!imported.group(1).equals(room.name)) {
        room.uses.add(imported.group(1));
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String draw() {
    StringBuilder out = new StringBuilder("```mermaid\nflowchart TD\n");
    modules()
        .forEach(
            (module, inside) -> {
              out.append("  subgraph ").append(module).append('\n');
              inside.forEach(room -> out.append("    ").append(room.node()).append('\n'));
              out.append("  end\n");
            });
    for (Room room : rooms.values()) {
      reduced(room).forEach(use -> out.append("  %s --> %s\n".formatted(id(room.name), id(use))));
    }
    out.append("```\n\n| package | uses |\n|---|---|\n");
    rooms.values().forEach(room -> out.append(room.row()));
    return out.toString();
  }

  private Map<String, List<Room>> modules() {
    return rooms.values().stream()
        .sorted(Comparator.comparing(room -> room.name))
        .collect(Collectors.groupingBy(room -> room.module, TreeMap::new, Collectors.toList()));
  }

  /** What a package uses, but for what it reaches through another that it uses: few arrows to follow. */
  private List<String> reduced(Room room) {
    List<String> kept = new ArrayList<>();
    for (String use : room.uses) {
      boolean through =
          room.uses.stream().anyMatch(other -> !other.equals(use) && reach(other).contains(use));
      if (!through) {
        kept.add(use);
      }
    }
    return kept;
  }

  private Set<String> reach(String name) {
    Set<String> reached = new TreeSet<>();
    List<String> next = new ArrayList<>(List.of(name));
    while (!next.isEmpty()) {
      Room room = rooms.get(next.remove(next.size() - 1));
      if (room != null) {
        room.uses.stream().filter(reached::add).forEach(next::add);
      }
    }
    return reached;
  }

  private static String id(String name) {
    return name.substring("dev.serving.".length()).replace('.', '_');
  }

  private static String title(String name) {
    return name.substring("dev.serving.".length());
  }

  private static final class Room {
    private final String module;
    private final String name;
    private final Set<String> uses = new TreeSet<>();

    Room(String module, String name) {
      this.module = module;
      this.name = name;
    }

    String node() {
      return "%s[\"%s\"]".formatted(id(name), title(name));
    }

    String row() {
      String used = uses.stream().map(use -> "`" + title(use) + "`").collect(Collectors.joining(", "));
      return "| `%s` | %s |\n".formatted(title(name), used);
    }
  }
}
