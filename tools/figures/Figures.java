import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Prints how long files, methods and constructors' parameter lists are, package by package, by the
 * JDK's own parser. Run at the top of a repository, of this or another time:
 *
 * <pre>
 *   java tools/figures/Figures.java [ROOT]
 * </pre>
 */
final class Figures {
  private static final int LONG_METHOD = 40;
  private static final int MANY_PARAMETERS = 6;

  private int files;
  private int lines;
  private final List<Integer> fileLengths = new ArrayList<>();
  private final List<Integer> methods = new ArrayList<>();
  private final List<Integer> constructors = new ArrayList<>();

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args.length > 0 ? args[0] : ".");
    TreeMap<String, Figures> packages = new TreeMap<>();
    Figures all = new Figures();
    List<Path> sources = sources(root);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask) compiler.getTask(null, manager, d -> {}, null, null, manager.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        Figures of = packages.computeIfAbsent(unit.getPackageName().toString(), p -> new Figures());
        of.add(unit, positions);
        all.add(unit, positions);
      }
    }
    System.out.println("| package | files | lines | file median/p90/max | method median/p90/p99/max | methods > 40"
        + " | constructors > 6 parameters, most |");
    System.out.println("|---|--:|--:|---|---|--:|---|");
    packages.forEach((name, figures) -> figures.print("`" + name.replace("dev.serving.", "") + "`"));
    all.print("**all**");
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(p -> p.toString().matches(".*/src/main/java/.*\\.java") && !p.endsWith("package-info.java"))
          .sorted()
          .toList();
    }
  }

  private void add(CompilationUnitTree unit, SourcePositions positions) {
    LineMap map = unit.getLineMap();
    int length = (int) map.getLineNumber(positions.getEndPosition(unit, unit));
    files++;
    lines += length;
    fileLengths.add(length);
    new TreeScanner<Void, Boolean>() {
      @Override
      public Void visitClass(ClassTree type, Boolean inside) {
        if (type.getKind().name().equals("RECORD")) {
          constructors.add(components(type));
        }
        return super.visitClass(type, true);
      }

      @Override
      public Void visitMethod(MethodTree method, Boolean inside) {
        if (method.getBody() != null && positions.getStartPosition(unit, method.getBody()) >= 0) {
          long first = map.getLineNumber(positions.getStartPosition(unit, method.getBody()));
          long last = map.getLineNumber(positions.getEndPosition(unit, method.getBody()));
          methods.add((int) Math.max(0, last - first - 1));
        }
        if (method.getReturnType() == null && method.getName().contentEquals("<init>")) {
          constructors.add(method.getParameters().size());
        }
        return super.visitMethod(method, true);
      }
    }.scan(unit, false);
  }

  private static int components(ClassTree type) {
    return (int)
        type.getMembers().stream()
            .filter(m -> m instanceof com.sun.source.tree.VariableTree v
                && !v.getModifiers().getFlags().contains(javax.lang.model.element.Modifier.STATIC))
            .count();
  }

  private void print(String name) {
    System.out.printf(
        "| %s | %d | %,d | %d / %d / %d | %d / %d / %d / %d | %d | %d, %d |%n",
        name, files, lines, at(fileLengths, 50), at(fileLengths, 90), at(fileLengths, 100),
        at(methods, 50), at(methods, 90), at(methods, 99), at(methods, 100),
        methods.stream().filter(n -> n > LONG_METHOD).count(),
        constructors.stream().filter(n -> n > MANY_PARAMETERS).count(), at(constructors, 100));
  }

  private static int at(List<Integer> values, int percent) {
    if (values.isEmpty()) {
      return 0;
    }
    Collections.sort(values);
    return values.get(Math.min(values.size() - 1, values.size() * percent / 100));
  }
}
