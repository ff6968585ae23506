package dev.serving.trace.config;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Optional;

/**
 * Who makes the spans. Immutable.
 *
 * @param name {@code service.name}; empty where a resource attribute names it, or for {@code
 *     serving}
 * @param hostName {@code host.name}; empty for the machine's
 * @param attributes further attributes of the resource; they win over what is found out here
 */
@RecordBuilder
public record ServiceConfig(Optional<String> name, Optional<String> hostName, Attributes attributes)
    implements ServiceConfigBuilder.With {

  /** What this machine says about itself. */
  public static final ServiceConfig DEFAULT =
      new ServiceConfig(Optional.empty(), Optional.empty(), Attributes.empty());

  /** The same with another service name. */
  public ServiceConfig withName(String value) {
    return withName(Optional.of(value));
  }

  /** The same with another host name. */
  public ServiceConfig withHostName(String value) {
    return withHostName(Optional.of(value));
  }

  /** The same with these attributes as well; the new ones win. */
  @Override
  public ServiceConfig withAttributes(Attributes more) {
    return new ServiceConfig(name, hostName, attributes.toBuilder().putAll(more).build());
  }

  /** The same with one attribute more. */
  public ServiceConfig withAttribute(String key, String value) {
    return withAttributes(Attributes.of(AttributeKey.stringKey(key), value));
  }
}
