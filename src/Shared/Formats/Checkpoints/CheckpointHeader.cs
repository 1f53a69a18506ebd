using System.Collections.Immutable;
using System.Text.Json;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Formats.Checkpoints;

/// <summary>What a checkpoint says of itself.</summary>
/// <param name="Step">Steps taken in the whole run.</param>
/// <param name="Epochs">Passes over the training rows so far.</param>
/// <param name="ParametersSha256">Of the parameters asked about next, as held (<see cref="ParametersHash"/>).</param>
public sealed record CheckpointHeader(CheckpointIdentity Identity, Term Term, int Step, double Epochs, string ParametersSha256)
{
    internal byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("version", Identity.ProductVersion);
            json.WriteString("arithmetic", Identity.ArithmeticHash);
            json.WriteString("dataset", Identity.DatasetFingerprint);
            json.WriteStartArray("mathematics");
            foreach (var (name, value) in Identity.Mathematics)
            {
                json.WriteStartObject();
                json.WriteString("option", name);
                json.WriteString("value", value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("term", Term.Number);
            json.WriteNumber("step", Step);
            json.WriteNumber("epochs", Epochs);
            json.WriteString("parametersSha256", ParametersSha256);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    internal static CheckpointHeader FromJson(ReadOnlyMemory<byte> bytes, Func<string, DistTrainException> refuse)
    {
        var json = JsonFields.Parse(bytes, refuse);
        var mathematics = json.Objects("mathematics").Select(OptionOf).ToImmutableSortedDictionary(StringComparer.Ordinal);
        var identity = new CheckpointIdentity(json.Text("version"), json.Text("arithmetic"), json.Text("dataset"), mathematics);
        var header = new CheckpointHeader(
            identity, new Term(json.Integer("term")), Step: StepOf(json, refuse), json.Number("epochs"), json.Text("parametersSha256"));
        json.End();
        return header;
    }

    static int StepOf(JsonFields json, Func<string, DistTrainException> refuse) =>
        json.Integer("step") is >= 0 and <= int.MaxValue and var step ? (int)step : throw refuse("its step is none");

    static KeyValuePair<string, string> OptionOf(JsonFields option)
    {
        var pair = KeyValuePair.Create(option.Text("option"), option.Text("value"));
        option.End();
        return pair;
    }
}
