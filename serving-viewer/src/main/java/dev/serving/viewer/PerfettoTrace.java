package dev.serving.viewer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.serving.viewer.chart.LaneChart;
import dev.serving.viewer.chart.LaneChart.Bar;
import dev.serving.viewer.chart.LaneChart.Lane;
import dev.serving.viewer.chart.LaneChart.Level;
import dev.serving.viewer.chart.LaneChart.ProcessGroup;
import dev.serving.viewer.store.SpanEvent;
import dev.serving.viewer.store.SpanLink;
import dev.serving.viewer.store.SpanTags;
import dev.serving.viewer.store.StoredSpan;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A trace as Perfetto's own format has it, protobuf's {@code perfetto.protos.Trace}: a track for
 * each process, lane and row, a slice for each span, an instant for each event, a flow for each
 * link. Field numbers are those of Perfetto's definitions, of which the names stand beside them.
 */
final class PerfettoTrace {
  private static final int MAX_BYTES = 256 << 20;
  private static final int SEQUENCE = 1;
  private static final int SLICE_BEGIN = 1;
  private static final int SLICE_END = 2;
  private static final int INSTANT = 3;
  private static final int EXPLICIT = 3;

  private final LaneChart chart;
  private final ProtoWriter out = new ProtoWriter(MAX_BYTES);
  private final Set<String> linkedTo = new HashSet<>();
  private long tracks;

  private PerfettoTrace(LaneChart chart) {
    this.chart = chart;
    chart.trace().spans().stream()
        .flatMap(span -> span.links().stream())
        .filter(link -> link.traceId().equals(chart.trace().traceId()))
        .forEach(link -> linkedTo.add(link.spanId()));
  }

  static ByteString of(LaneChart chart) {
    PerfettoTrace trace = new PerfettoTrace(chart);
    chart.processes().forEach(trace::process);
    return UnsafeByteOperations.unsafeWrap(trace.out.toBytes());
  }

  private void process(ProcessGroup process) {
    long track = track(0, process.service(), 0);
    int rank = 0;
    for (Lane lane : process.lanes()) {
      lane(lane, track, rank++);
    }
  }

  /** Slices of one track must nest, so each row of a lane is a track below the lane's. */
  private void lane(Lane lane, long process, int rank) {
    String label = lane.label().isEmpty() ? "request" : lane.label();
    long track = track(process, (label + " " + lane.rank()).strip(), rank);
    lane.bars().stream().filter(bar -> bar.level() == Level.LANE).forEach(bar -> slice(bar, track));
    for (int row = 0; row < lane.rows(); row++) {
      long ofRow = track(track, label + (row == 0 ? "" : " row " + row), row);
      int wanted = row;
      lane.bars().stream()
          .filter(bar -> bar.level() != Level.LANE && bar.row() == wanted)
          .sorted(Comparator.comparingLong(bar -> bar.span().startNanos()))
          .forEach(bar -> slice(bar, ofRow));
    }
  }

  private long track(long parent, String name, int rank) {
    long uuid = ++tracks;
    int packet = packet(chart.trace().startNanos());
    int descriptor = out.begin(60); // track_descriptor
    out.varint(1, uuid); // uuid
    out.text(2, name); // name
    if (parent != 0) {
      out.varint(5, parent); // parent_uuid
    }
    out.varint(11, EXPLICIT); // child_ordering
    out.varint(12, rank); // sibling_order_rank
    out.end(descriptor);
    out.end(packet);
    return uuid;
  }

  private void slice(Bar bar, long track) {
    StoredSpan span = bar.span();
    int packet = packet(span.startNanos());
    int event = event(SLICE_BEGIN, track, span.name());
    flows(span);
    annotate("span id", span.spanId());
    SpanTags.shown(span).forEach(this::annotate);
    out.end(event);
    out.end(packet);
    span.events().forEach(it -> instant(it, track));
    packet = packet(span.endNanos());
    out.end(event(SLICE_END, track, ""));
    out.end(packet);
  }

  private void instant(SpanEvent happened, long track) {
    int packet = packet(happened.timeNanos());
    int event = event(INSTANT, track, happened.name());
    happened.attributes().forEach(this::annotate);
    out.end(event);
    out.end(packet);
  }

  /** A flow bears the id of the span that it leaves. */
  private void flows(StoredSpan span) {
    if (linkedTo.contains(span.spanId())) {
      out.fixed64(47, Long.parseUnsignedLong(span.spanId(), 16)); // flow_ids
    }
    List<SpanLink> links = span.links();
    links.stream()
        .filter(link -> link.traceId().equals(span.traceId()))
        .forEach(link -> out.fixed64(47, Long.parseUnsignedLong(link.spanId(), 16)));
  }

  private int packet(long nanos) {
    int packet = out.begin(1); // Trace.packet
    out.varint(8, nanos); // timestamp
    out.varint(10, SEQUENCE); // trusted_packet_sequence_id
    return packet;
  }

  private int event(int type, long track, String name) {
    int event = out.begin(11); // track_event
    out.varint(9, type); // type
    out.varint(11, track); // track_uuid
    if (!name.isEmpty()) {
      out.text(23, name); // name
    }
    return event;
  }

  private void annotate(String key, Object value) {
    int annotation = out.begin(4); // debug_annotations
    out.text(10, key); // name
    if (value instanceof Long number) {
      out.varint(4, number); // int_value
    } else if (value instanceof Double number) {
      out.fixed64(5, Double.doubleToRawLongBits(number)); // double_value
    } else if (value instanceof Boolean truth) {
      out.varint(2, truth ? 1 : 0); // bool_value
    } else {
      out.text(6, SpanTags.text(value)); // string_value
    }
    out.end(annotation);
  }
}
