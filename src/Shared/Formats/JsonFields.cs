using System.Collections.Immutable;
using System.Text.Json;
using DistTrain.Problems;

namespace DistTrain.Formats;

/// <summary>
/// The fields of one JSON object, read strictly: each must be there with its type, and <see cref="End"/> refuses those that nobody asked
/// for, by name. So a file of a later version is never half understood.
/// </summary>
/// <param name="element">The object.</param>
/// <param name="path">Its place in the file, as a prefix of its fields' names: "" or "columns[2].".</param>
/// <param name="refuse">Makes the exception for a sentence about the file.</param>
sealed class JsonFields(JsonElement element, string path, Func<string, DistTrainException> refuse)
{
    readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Parses a whole file, without comments, trailing commas or repeated names.</summary>
    /// <exception cref="DistTrainException">What <paramref name="refuse"/> makes.</exception>
    public static JsonFields Parse(ReadOnlyMemory<byte> json, Func<string, DistTrainException> refuse)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Of(document.RootElement.Clone(), "", refuse);
        }
        catch (JsonException e)
        {
            throw refuse($"not valid JSON ({e.Message})");
        }
    }

    public string Text(string name) => Decoded(Required(name, JsonValueKind.String).GetString, name);

    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    public double Number(string name) => FiniteNumber(Required(name, JsonValueKind.Number), name);

    /// <summary>Rounded once, from the decimal text to float.</summary>
    public float Single(string name) => FiniteSingle(Required(name, JsonValueKind.Number), name);

    public double? OptionalNumber(string name) => Has(name) ? Number(name) : null;

    public long Integer(string name) => Required(name, JsonValueKind.Number).TryGetInt64(out var value)
        ? value
        : throw refuse($"field \"{path}{name}\" is not a whole number");

    public ulong Unsigned(string name) => Required(name, JsonValueKind.Number).TryGetUInt64(out var value)
        ? value
        : throw refuse($"field \"{path}{name}\" is not a whole number of at least 0");

    public bool Flag(string name) => Required(name, JsonValueKind.True, JsonValueKind.False).GetBoolean();

    /// <summary>False where it is not there.</summary>
    public bool OptionalFlag(string name) => Has(name) && Flag(name);

    public JsonFields Object(string name) => Of(Required(name, JsonValueKind.Object), $"{path}{name}.", refuse);

    public ImmutableArray<JsonFields> Objects(string name) =>
        [.. Required(name, JsonValueKind.Array).EnumerateArray().Select((item, i) => Of(item, $"{path}{name}[{i}].", refuse))];

    public ImmutableArray<string> Texts(string name) =>
        [.. Items(name, JsonValueKind.String).Select(item => Decoded(item.GetString, name))];

    public ImmutableArray<float> Singles(string name) =>
        [.. Items(name, JsonValueKind.Number).Select(item => FiniteSingle(item, name))];

    public ImmutableArray<long> Integers(string name) => [.. Items(name, JsonValueKind.Number).Select(item =>
        item.TryGetInt64(out var value) ? value : throw refuse($"field \"{path}{name}\" holds something else than whole numbers"))];

    /// <summary>Whether the field is there; asking makes it a known one.</summary>
    public bool Has(string name)
    {
        _asked.Add(name);
        return element.TryGetProperty(name, out _);
    }

    /// <summary>Refuses fields that were not asked for.</summary>
    public void End()
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = Decoded(() => property.Name, "…");
            if (!_asked.Contains(name)) throw refuse($"field \"{path}{name}\" is not known");
        }
    }

    static JsonFields Of(JsonElement element, string path, Func<string, DistTrainException> refuse) =>
        element.ValueKind == JsonValueKind.Object
            ? new JsonFields(element, path, refuse)
            : throw refuse($"{(path.Length == 0 ? "the file" : $"field \"{path.TrimEnd('.')}\"")} is not an object");

    JsonElement Required(string name, params ReadOnlySpan<JsonValueKind> kinds)
    {
        _asked.Add(name);
        if (!element.TryGetProperty(name, out var value)) throw refuse($"field \"{path}{name}\" is missing");
        return kinds.Contains(value.ValueKind)
            ? value
            : throw refuse($"field \"{path}{name}\" is {Word(value.ValueKind)}, not {Word(kinds[0])}");
    }

    IEnumerable<JsonElement> Items(string name, JsonValueKind kind)
    {
        foreach (var item in Required(name, JsonValueKind.Array).EnumerateArray())
        {
            yield return item.ValueKind == kind
                ? item
                : throw refuse($"field \"{path}{name}\" holds {Word(item.ValueKind)} where each entry must be {Word(kind)}");
        }
    }

    double FiniteNumber(JsonElement value, string name) => value.TryGetDouble(out var number) && double.IsFinite(number)
        ? number
        : throw refuse($"field \"{path}{name}\" is out of range");

    // Bytes that are no UTF-8 and halves of surrogate pairs pass the parser, and fail only when they are read.
    string Decoded(Func<string?> read, string name)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException)
        {
            throw refuse($"field \"{path}{name}\" is not valid Unicode");
        }
    }

    float FiniteSingle(JsonElement value, string name) => value.TryGetSingle(out var number) && float.IsFinite(number)
        ? number
        : throw refuse($"field \"{path}{name}\" is out of range");

    static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
