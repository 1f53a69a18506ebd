using System.Text.Json;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Output;

/// <summary>A run folder in words: what was typed, what was read, how it ended.</summary>
static class RunReport
{
    public static void Write(TextWriter output, string shown, string path)
    {
        output.WriteTopic("run", shown);
        WriteFile("options.json", WriteOptions);
        WriteFile("dataset.json", WriteDataset);
        if (!WriteFile("result.json", WriteResult))
            output.WriteTopic("result", $"none: the run did not finish; disttrain train --resume {shown} goes on with it");

        bool WriteFile(string name, Action<TextWriter, JsonElement> write)
        {
            if (TryRead(Path.Combine(path, name)) is not { } content) return false;
            try
            {
                write(output, content);
                return true;
            }
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw Foreign(Path.Combine(shown, name)).AsException(e);
            }
        }
    }

    /// <summary>DT7006: JSON, but not what a run writes.</summary>
    public static Problem Foreign(string shown) =>
        new("DT7006", ExitCode.Unreadable, $"{shown}: not the file of a run", "expected: a run folder as this version writes it")
        {
            File = shown,
        };

    /// <summary>The content of a JSON file; null where it is not there or not whole.</summary>
    public static JsonElement? TryRead(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static void WriteOptions(TextWriter output, JsonElement options)
    {
        var typed = options.GetProperty("options").EnumerateObject()
            .Where(option => option.Value.GetProperty("origin").GetString() == "command line")
            .Select(option => Typed(option.Name, option.Value.GetProperty("value")));
        var inputs = options.GetProperty("inputs").EnumerateArray().Select(input => input.GetString());
        output.WriteTopic("typed", string.Join(' ', [options.GetProperty("command").GetString(), .. inputs, .. typed]));
    }

    static string Typed(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => $"--{name}",
        JsonValueKind.Array => $"--{name} {string.Join(',', value.EnumerateArray().Select(TextOf))}",
        _ => $"--{name} {TextOf(value)}",
    };

    static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.Number ? Figures.Typed(value) : value.ToString();

    static void WriteDataset(TextWriter output, JsonElement dataset) => output.WriteTopic("data",
        $"{Figures.Count(dataset.GetProperty("trainingRows").GetInt64())} training rows, " +
        $"{Figures.Count(dataset.GetProperty("validationRows").GetInt64())} held out, " +
        $"{Figures.Count(dataset.GetProperty("shards").GetInt64(), "shard", "shards")}, fingerprint {dataset.GetProperty("fingerprint")}");

    static void WriteResult(TextWriter output, JsonElement result)
    {
        var duration = Figures.Duration(TimeSpan.FromSeconds(result.GetProperty("seconds").GetDouble()));
        output.WriteTopic(
            "result",
            $"{Count("steps", "step")}, {Count("evaluations", "evaluation")}, stopped by {result.GetProperty("stoppedBy")}, " +
            $"{Count("workers", "worker")}, {duration}");
        output.WriteTopic(
            "objective",
            TrainingReport.ObjectiveLine(
                result.GetProperty("objective").GetDouble(), Optional(result, "suboptimalityBound"),
                result.GetProperty("gradientMax").GetDouble()));
        output.WriteTopic("training", MetricsLine(result.GetProperty("training")));
        if (result.TryGetProperty("validation", out var validation)) output.WriteTopic("held out", MetricsLine(validation));

        string Count(string many, string one) => Figures.Count(result.GetProperty(many).GetInt64(), one, many);
    }

    static string MetricsLine(JsonElement metrics)
    {
        var logLoss = Optional(metrics, "logLoss") is { } loss ? $"log-loss {Figures.Value(loss)}   " : "";
        var (accuracy, macroF1) = (metrics.GetProperty("accuracy").GetDouble(), metrics.GetProperty("macroF1").GetDouble());
        return $"{logLoss}accuracy {Figures.Share(accuracy)}   macro-F1 {Figures.Share(macroF1)}";
    }

    static double? Optional(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetDouble() : null;
}
