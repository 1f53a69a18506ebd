using System.Text.Encodings.Web;
using System.Text.Json;
using DistTrain.Data.Schema;

namespace DistTrain.Formats;

/// <summary>model.json: everything of a model but its numbers, and their hash.</summary>
public static class ModelFile
{
    /// <summary>Raised by whatever an older reader would misunderstand.</summary>
    internal const int FormatVersion = 1;

    internal const string FormatName = "disttrain-model";

    static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes UTF-8 that ends with a line feed; equal models give equal bytes.</summary>
    public static void Write(Stream stream, SavedModel model)
    {
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("format", FormatName);
            json.WriteNumber("formatVersion", FormatVersion);
            json.WriteString("parametersSha256", model.ParametersSha256);
            if (model.Temperature is { } temperature) json.WriteNumber("temperature", temperature);
            WriteInput(json, model.Input);
            WriteOrigin(json, model.Origin);
            WriteClasses(json, model);
            WriteColumns(json, model.Schema);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    static void WriteInput(Utf8JsonWriter json, ModelInput input)
    {
        json.WriteStartObject("input");
        WriteOptional(json, "label", input.Label);
        WriteOptional(json, "weight", input.Weight);
        WriteOptional(json, "format", input.Format);
        WriteOptional(json, "delimiter", input.Delimiter);
        WriteOptional(json, "encoding", input.Encoding);
        json.WriteEndObject();
    }

    static void WriteOrigin(Utf8JsonWriter json, ModelOrigin origin)
    {
        json.WriteStartObject("origin");
        json.WriteString("productVersion", origin.ProductVersion);
        json.WriteString("optimizer", Words.Of(origin.Optimizer));
        json.WriteNumber("l2", origin.L2);
        if (origin.L1 > 0) json.WriteNumber("l1", origin.L1);
        if (origin.IsStandardized) json.WriteBoolean("standardized", true);
        if (origin.HasPenaltyFactors) json.WriteBoolean("penaltyFactors", true);
        json.WriteNumber("seed", origin.Seed);
        json.WriteString("datasetFingerprint", origin.DatasetFingerprint);
        WriteOptional(json, "synthetic", origin.Synthetic);
        json.WriteEndObject();
    }

    static void WriteClasses(Utf8JsonWriter json, SavedModel model)
    {
        json.WriteStartArray("classes");
        for (var k = 0; k < model.Classes.Count; k++)
        {
            json.WriteStartObject();
            json.WriteString("name", model.Classes.Names[k]);
            json.WriteBoolean("active", model.Classes.Active.Contains(k));
            json.WriteNumber("trainingWeight", model.TrainingClassWeights[k]);
            if (!model.ClassWeights.IsEmpty) json.WriteNumber("classWeight", model.ClassWeights[k]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteColumns(Utf8JsonWriter json, FeatureSchema schema)
    {
        json.WriteStartArray("columns");
        foreach (var column in schema.Columns)
        {
            json.WriteStartObject();
            WriteColumn(json, column);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteColumn(Utf8JsonWriter json, ColumnSchema column)
    {
        switch (column)
        {
            case NumericColumnSchema numeric:
                json.WriteString("kind", "numeric");
                json.WriteString("name", numeric.Name);
                json.WriteNumber("center", numeric.Center);
                if (numeric.MissingValue is { } missing) json.WriteNumber("missingValue", missing);
                break;
            case CategoricalColumnSchema categorical:
                json.WriteString("kind", "categorical");
                json.WriteString("name", categorical.Name);
                WriteList(json, "levels", categorical.Levels, (writer, level) => writer.WriteStringValue(level));
                break;
            case IndexedColumnsSchema indexed:
                json.WriteString("kind", "indexed");
                json.WriteNumber("indexBase", indexed.IndexBase);
                WriteList(json, "indices", indexed.Indices, (writer, index) => writer.WriteNumberValue(index));
                WriteList(json, "centers", indexed.Centers, (writer, center) => writer.WriteNumberValue(center));
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"Unknown column {column}.");
        }
    }

    static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) write(json, item);
        json.WriteEndArray();
    }

    static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
