using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>The one form that errors have: what and where, then what was expected, a suggestion, the fix.</summary>
static class ErrorBlock
{
    /// <summary>Quotes and letters of all languages stand as they are, since nothing of it goes into HTML.</summary>
    static readonly ErrorJsonContext Readable =
        new(new JsonSerializerOptions(ErrorJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>One block for each problem.</summary>
    public static void Write(TextWriter error, ImmutableArray<Problem> problems)
    {
        foreach (var problem in problems)
        {
            error.WriteLine($"error {problem.Code}: {problem.Message}");
            foreach (var detail in problem.Details) error.WriteLine($"  {detail}");
        }
    }

    /// <summary>What stands on stdout where --json was asked for; of several problems the first gives code and place.</summary>
    public static void WriteJson(TextWriter output, ImmutableArray<Problem> problems)
    {
        var first = problems[0];
        var error = new ErrorJson(first.Code, string.Join("; ", problems.Select(p => p.Message)), first.File, first.Line);
        output.WriteLine(JsonSerializer.Serialize(new ErrorResultJson(error), Readable.ErrorResultJson));
    }
}
