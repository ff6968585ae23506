package dev.serving.trace;

import dev.serving.trace.config.ServiceConfig;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Properties;
import java.util.UUID;

/** What all spans of this process have in common: service, host and process. */
final class TraceResource {
  private TraceResource() {}

  /** Which release of this library makes the spans. */
  static InstrumentationScopeInfo scope() {
    Properties release = new Properties();
    try (InputStream in = TraceResource.class.getResourceAsStream("version.properties")) {
      release.load(in);
    } catch (IOException | RuntimeException e) {
      // As where classes are repackaged without their resources: the name has to do.
      return InstrumentationScopeInfo.create("dev.serving.trace");
    }
    return InstrumentationScopeInfo.builder("dev.serving.trace")
        .setVersion(release.getProperty("version", ""))
        .build();
  }

  /** OpenTelemetry's own attributes, then what is found out, then what was configured. */
  static Resource of(ServiceConfig service) {
    Attributes named =
        service
            .name()
            .map(name -> Attributes.builder().put("service.name", name).build())
            .orElse(Attributes.empty());
    return Resource.getDefault()
        .merge(Resource.create(found(service)))
        .merge(Resource.create(service.attributes()))
        .merge(Resource.create(named));
  }

  private static Attributes found(ServiceConfig service) {
    return Attributes.builder()
        .put("service.name", "serving")
        .put("service.instance.id", UUID.randomUUID().toString())
        .put("host.id", HostId.find())
        .put("host.name", service.hostName().orElseGet(TraceResource::hostName))
        .put("process.pid", ProcessHandle.current().pid())
        .build();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
