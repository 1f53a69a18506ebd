using System.Text.Json;
using DistTrain.Problems;

namespace DistTrain.Formats;

/// <summary>
/// The texts of a JSON file: a parser checks its grammar, but decodes a text, and finds it damaged, only when it is asked for.
/// </summary>
static class JsonTexts
{
    /// <summary>Refuses bytes that are not UTF-8 and escapes of half a character, in values and in names.</summary>
    /// <param name="refuse">Makes the exception for a sentence about the file.</param>
    /// <exception cref="DistTrainException">What <paramref name="refuse"/> makes.</exception>
    public static void RequireUnicode(ReadOnlySpan<byte> json, Func<string, DistTrainException> refuse)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
            }
        }
        catch (InvalidOperationException)
        {
            throw refuse($"the text at byte {reader.TokenStartIndex} is not Unicode");
        }
        catch (JsonException e)
        {
            throw refuse($"not valid JSON ({e.Message})");
        }
    }
}
