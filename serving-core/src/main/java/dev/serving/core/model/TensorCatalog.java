package dev.serving.core.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** All tensors of a checkpoint, from one file or from several with an index. */
final class TensorCatalog {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String BASE = "model.";
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9._-]+\\.safetensors");

  private final Path directory;
  private final Map<String, TensorInfo> tensors;

  private TensorCatalog(Path directory, Map<String, TensorInfo> tensors) {
    this.directory = directory;
    this.tensors = tensors;
  }

  static TensorCatalog open(Path directory) {
    if (Files.isRegularFile(directory.resolve(SINGLE))) {
      return new TensorCatalog(directory, Safetensors.header(directory.resolve(SINGLE)));
    }
    if (Files.isRegularFile(directory.resolve(INDEX))) {
      return new TensorCatalog(directory, sharded(directory));
    }
    throw new CheckpointException(
        Files.exists(directory.resolve("pytorch_model.bin"))
            ? directory + " holds pytorch_model.bin; only safetensors is read: convert it first"
            : "%s has neither %s nor %s".formatted(directory, SINGLE, INDEX));
  }

  /**
   * The tensor of a name, which must have the shape. A checkpoint that was saved from the base
   * model names its tensors without the prefix that the whole model gives it.
   */
  TensorInfo require(String name, long... shape) {
    TensorInfo tensor = tensors.get(name);
    if (tensor == null && name.startsWith(BASE)) {
      tensor = tensors.get(name.substring(BASE.length()));
    }
    if (tensor == null) {
      throw new CheckpointException("%s: tensor %s is missing".formatted(directory, name));
    }
    if (tensor.type() == TensorInfo.Type.OTHER) {
      throw new CheckpointException(
          "%s: tensor %s is stored as %s; supported are BF16, F16 and F32"
              .formatted(tensor.file(), name, tensor.storedAs()));
    }
    if (!tensor.hasShape(shape)) {
      throw new CheckpointException(
          "%s: tensor %s has the shape %s; config.json asks for %s"
              .formatted(tensor.file(), name, text(tensor.shape()), text(shape)));
    }
    return tensor;
  }

  /** What all of them take in the files. */
  long bytes() {
    return tensors.values().stream().mapToLong(TensorInfo::length).sum();
  }

  private static Map<String, TensorInfo> sharded(Path directory) {
    Path index = directory.resolve(INDEX);
    JsonNode map = JsonFile.read(index).object("weight_map").root();
    Set<String> files = new LinkedHashSet<>();
    map.properties().forEach(e -> files.add(fileName(index, e.getKey(), e.getValue())));
    Map<String, TensorInfo> all = new HashMap<>();
    for (String name : files) {
      Path file = directory.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw new CheckpointException(index + " names " + name + ", which is not there");
      }
      Safetensors.header(file).forEach((tensor, info) -> add(map, name, all, info));
    }
    map.properties().forEach(e -> checkPresent(index, all, e.getKey(), e.getValue()));
    return all;
  }

  private static String fileName(Path index, String tensor, JsonNode value) {
    String name = value.isString() ? value.stringValue() : "";
    if (!FILE_NAME.matcher(name).matches()) {
      throw new CheckpointException(
          "%s: tensor %s lies in %s, which is no file name".formatted(index, tensor, value));
    }
    return name;
  }

  private static void add(JsonNode map, String file, Map<String, TensorInfo> all, TensorInfo info) {
    JsonNode owner = map.path(info.name());
    // A file may hold tensors that the index gives to another file, or to none.
    if (owner.isString() && owner.stringValue().equals(file)) {
      all.put(info.name(), info);
    }
  }

  private static void checkPresent(
      Path index, Map<String, TensorInfo> all, String tensor, JsonNode file) {
    if (!all.containsKey(tensor)) {
      throw new CheckpointException(
          "%s: tensor %s is not in %s".formatted(index, tensor, file.stringValue()));
    }
  }

  private static String text(long[] shape) {
    return Arrays.toString(shape);
  }
}
