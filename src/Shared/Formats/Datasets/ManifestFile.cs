using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Formats.Datasets;

/// <summary>manifest.json: what there is to know about a dataset but numbers per feature, and its files with their hashes.</summary>
static class ManifestFile
{
    /// <summary>Raised by whatever an older reader would misunderstand.</summary>
    public const int FormatVersion = 2;

    public const string FormatName = "disttrain-dataset";

    static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes UTF-8 that ends with a line feed; equal datasets give equal bytes.</summary>
    public static void Write(Stream stream, StoredDataset dataset)
    {
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("format", FormatName);
            json.WriteNumber("formatVersion", FormatVersion);
            json.WriteString("fingerprint", dataset.Manifest.Fingerprint);
            json.WriteNumber("seed", dataset.Manifest.Seed);
            json.WriteNumber("weightSum", dataset.Manifest.WeightSum);
            json.WriteNumber("validationWeightSum", dataset.Manifest.ValidationWeightSum);
            WriteOrigin(json, dataset.Origin);
            WriteClasses(json, dataset.Classes, dataset.Manifest);
            WriteColumns(json, dataset.Schema);
            WriteLayout(json, dataset.Manifest.Layout, dataset.Manifest.Rounding);
            WriteFile(json, "features", dataset.Files.Features);
            WriteFile(json, "statistics", dataset.Files.Statistics);
            WriteFile(json, "classStatistics", dataset.Files.ClassStatistics);
            WriteShards(json, DatasetPart.Training, dataset);
            WriteShards(json, DatasetPart.Validation, dataset);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    static void WriteOrigin(Utf8JsonWriter json, DatasetOrigin origin)
    {
        json.WriteStartObject("origin");
        json.WriteString("productVersion", origin.ProductVersion);
        WriteOptional(json, "label", origin.Input.Label);
        WriteOptional(json, "weight", origin.Input.Weight);
        WriteOptional(json, "format", origin.Input.Format);
        WriteOptional(json, "delimiter", origin.Input.Delimiter);
        WriteOptional(json, "encoding", origin.Input.Encoding);
        WriteOptional(json, "synthetic", origin.Synthetic);
        WriteList(json, "files", origin.Files, file =>
        {
            json.WriteString("name", file.Name);
            json.WriteString("sha256", file.Sha256);
        });
        json.WriteEndObject();
    }

    static void WriteClasses(Utf8JsonWriter json, ClassList classes, DatasetManifest manifest) =>
        WriteList(json, "classes", classes.Names.Index(), entry =>
        {
            json.WriteString("name", entry.Item);
            if (classes.Active.BinarySearch(entry.Index) is >= 0 and var k) json.WriteNumber("trainingWeight", manifest.ClassWeights[k]);
        });

    static void WriteColumns(Utf8JsonWriter json, FeatureSchema schema) =>
        WriteList(json, "columns", schema.Columns.Select(StoredColumn.Of), column =>
        {
            json.WriteString("kind", WordOf(column.Kind));
            json.WriteString("name", column.Name);
            json.WriteNumber("features", column.FeatureCount);
            if (column.MissingValue is { } missing) json.WriteNumber("missingValue", missing);
            if (column.Kind == StoredColumnKind.Indexed) json.WriteNumber("indexBase", column.IndexBase);
        });

    static void WriteLayout(Utf8JsonWriter json, FeatureLayout layout, RoundingSums rounding)
    {
        json.WriteStartObject("layout");
        json.WriteNumber("dense", layout.DenseCount);
        json.WriteNumber("denseStride", layout.DenseStride);
        if (layout.TrainingFormat != DenseFormat.Full) WriteRounding(json, layout.TrainingFormat, rounding);
        WriteList(json, "coded", layout.Coded, column =>
        {
            json.WriteString("kind", WordOf(column.Kind));
            json.WriteNumber("features", column.FeatureCount);
        });
        json.WriteNumber("sparse", layout.SparseCount);
        json.WriteEndObject();
    }

    /// <summary>Of datasets whose training rows are rounded alone: earlier readers know all others.</summary>
    static void WriteRounding(Utf8JsonWriter json, DenseFormat format, RoundingSums rounding)
    {
        json.WriteStartObject("rounding");
        json.WriteString("format", Words.Of(format));
        json.WriteNumber("squareSum", rounding.SquareSum);
        json.WriteNumber("largest", rounding.Largest);
        json.WriteEndObject();
    }

    static void WriteShards(Utf8JsonWriter json, DatasetPart part, StoredDataset dataset) =>
        WriteList(json, WordOf(part), dataset.Files.Of(part).Zip(dataset.Manifest.RowsOf(part), dataset.Manifest.HashesOf(part)), shard =>
        {
            json.WriteNumber("rows", shard.Second);
            json.WriteString("rowsSha256", shard.Third);
            WriteContent(json, shard.First);
        });

    static void WriteFile(Utf8JsonWriter json, string name, StoredFile file)
    {
        json.WriteStartObject(name);
        WriteContent(json, file);
        json.WriteEndObject();
    }

    static void WriteContent(Utf8JsonWriter json, StoredFile file)
    {
        json.WriteString("file", file.Name);
        json.WriteNumber("bytes", file.Bytes);
        json.WriteString("sha256", file.Sha256);
    }

    static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    internal static string WordOf<T>(T kind) where T : struct, Enum => kind.ToString().ToLowerInvariant();
}
