using System.Text.Json;
using DistTrain.Coordinator.Output;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;

namespace DistTrain.Coordinator.Runs;

/// <summary>dataset.json: what the run was trained on, so that "the same data" can be checked.</summary>
static class DatasetFile
{
    /// <param name="files">Training files, then those of a validation table.</param>
    public static void Write(Stream stream, Dataset dataset, IEnumerable<TableFile> files)
    {
        using (var json = new Utf8JsonWriter(stream, JsonLines.Indented))
        {
            var manifest = dataset.Manifest;
            json.WriteStartObject();
            json.WriteString("fingerprint", manifest.Fingerprint);
            json.WriteNumber("trainingRows", manifest.TrainingRowCount);
            json.WriteNumber("validationRows", manifest.ValidationRowCount);
            json.WriteNumber("features", manifest.FeatureCount);
            json.WriteNumber("shards", manifest.ShardCount);
            if (StorageReport.ToJson(manifest) is { } storage) WriteStorage(json, storage);
            json.WriteStartArray("classes");
            foreach (var name in dataset.Classes.Names) json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteStartArray("files");
            foreach (var file in files) WriteFile(json, file);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    static void WriteStorage(Utf8JsonWriter json, StorageJson storage)
    {
        json.WriteStartObject("storage");
        json.WriteString("format", storage.Format);
        json.WriteNumber("rootMeanSquare", storage.RootMeanSquare);
        json.WriteNumber("largest", storage.Largest);
        json.WriteEndObject();
    }

    static void WriteFile(Utf8JsonWriter json, TableFile file)
    {
        json.WriteStartObject();
        json.WriteString("name", file.Name);
        json.WriteString("sha256", file.Sha256);
        json.WriteEndObject();
    }
}
