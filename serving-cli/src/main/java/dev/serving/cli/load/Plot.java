package dev.serving.cli.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plot of values over time, as SVG. */
final class Plot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 280;
  private static final int LEFT = 60;
  private static final int BOTTOM = 30;
  private static final int TOP = 14;
  private static final int TICKS = 5;

  private final String title;
  private final List<Series> series = new ArrayList<>();

  Plot(String title) {
    this.title = title;
  }

  /** A point: seconds, and a value. */
  record Point(double x, double y) {}

  private record Series(String style, boolean joined, List<Point> points) {}

  Plot dots(String style, List<Point> points) {
    series.add(new Series(style, false, points));
    return this;
  }

  Plot line(List<Point> points) {
    series.add(new Series("line", true, points));
    return this;
  }

  String svg() {
    double right = round(max(true));
    double top = round(max(false));
    StringBuilder svg = new StringBuilder();
    svg.append("<h3>").append(escaped(title)).append("</h3>\n");
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, escaped(title)));
    axes(svg, right, top);
    series.forEach(s -> draw(svg, s, right, top));
    return svg.append("</svg>\n").toString();
  }

  private double max(boolean x) {
    return series.stream()
        .flatMap(s -> s.points().stream())
        .mapToDouble(point -> x ? point.x() : point.y())
        .max()
        .orElse(1);
  }

  /** The next number of the kind 1, 2, 5, 10 that many ticks fit under. */
  private static double round(double max) {
    double step = Math.pow(10, Math.floor(Math.log10(Math.max(max, 1e-3) / TICKS)));
    for (double factor : new double[] {1, 2, 5, 10}) {
      if (step * factor * TICKS >= max) {
        return step * factor * TICKS;
      }
    }
    return max;
  }

  private static void axes(StringBuilder svg, double right, double top) {
    for (int i = 0; i <= TICKS; i++) {
      double y = y(top * i / TICKS, top);
      double x = x(right * i / TICKS, right);
      svg.append(line(LEFT, y, WIDTH, y)).append(line(x, TOP, x, HEIGHT - BOTTOM));
      svg.append(text(LEFT - 6, y + 4, "end", top * i / TICKS));
      svg.append(text(x, HEIGHT - BOTTOM + 18, i == TICKS ? "end" : "middle", right * i / TICKS));
    }
  }

  private static String line(double x1, double y1, double x2, double y2) {
    return format("<path class=\"axis\" d=\"M%.1f %.1fL%.1f %.1f\"/>%n", x1, y1, x2, y2);
  }

  private static String text(double x, double y, String anchor, double value) {
    String number = value == Math.rint(value) ? format("%.0f", value) : format("%.2f", value);
    return format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, number);
  }

  private static void draw(StringBuilder svg, Series s, double right, double top) {
    if (s.points().isEmpty()) {
      return;
    }
    StringBuilder path = new StringBuilder();
    for (Point point : s.points()) {
      path.append(
          s.joined()
              ? format(
                  "%s%.1f %.1f",
                  path.length() == 0 ? "M" : "L", x(point.x(), right), y(point.y(), top))
              : format("M%.1f %.1fh3v3h-3z", x(point.x(), right) - 1.5, y(point.y(), top) - 1.5));
    }
    svg.append(format("<path class=\"%s\" d=\"%s\"/>%n", s.style(), path));
  }

  private static double x(double value, double right) {
    return LEFT + value / right * (WIDTH - LEFT);
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Text that is no markup. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
