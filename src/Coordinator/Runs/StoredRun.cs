using System.Collections.Immutable;
using System.Text.Json;
using DistTrain.Coordinator.Output;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Runs;

/// <summary>What the folder of a run says of it, to go on with.</summary>
sealed class StoredRun
{
    readonly JsonElement _options;

    StoredRun(RunFolder folder, JsonElement options, string option) => (Folder, _options, Typed) = (folder, options, $"{option} {folder.Shown}");

    public RunFolder Folder { get; }

    /// <summary>The option that named it, with its value: "--resume runs/books-1".</summary>
    public string Typed { get; }

    /// <summary>The command line that began the run, without the command's name (<see cref="Node.CommandLine.TypedArguments"/>).</summary>
    public ImmutableArray<string> Arguments => Texts("arguments");

    public ImmutableArray<string> Inputs => Texts("inputs");

    /// <summary>The folder that the run's relative paths start from.</summary>
    public string Directory => _options.GetProperty("directory").GetString()!;

    /// <summary>The version that began the run.</summary>
    public string Version => _options.GetProperty("version").GetString()!;

    /// <summary>Null where the run was lost before it was written.</summary>
    public string? DatasetFingerprint =>
        RunReport.TryRead(Folder.DatasetPath) is { } dataset && dataset.TryGetProperty("fingerprint", out var fingerprint)
            ? fingerprint.GetString()
            : null;

    /// <summary>The result object of a run that is finished, or null.</summary>
    public JsonElement? Result => ResultIn(Folder);

    /// <summary>The result object that a folder holds beside its model; null where it does not hold both.</summary>
    public static JsonElement? ResultIn(RunFolder folder) => Path.Exists(folder.ModelPath) ? RunReport.TryRead(folder.ResultPath) : null;

    /// <summary>The value that an option had, resolved; null where the run knew no such option.</summary>
    public JsonElement? ValueOf(string option) =>
        _options.GetProperty("options").TryGetProperty(option[2..], out var entry) ? entry.GetProperty("value") : null;

    /// <exception cref="DistTrainException">DT7104: there is no run. DT7006: what is there is none. Exit 7 both.</exception>
    /// <param name="option">Whose value was <paramref name="typed"/>.</param>
    public static StoredRun Open(string typed, CliEnvironment environment, string option = "--resume")
    {
        var folder = RunFolder.At(typed, environment);
        if (!RunFolder.HoldsRun(folder.FullPath)) throw NotThere(typed, environment).AsException();
        if (RunReport.TryRead(folder.OptionsPath) is not { } options) throw RunReport.Foreign(folder.OptionsShown).AsException();
        var run = new StoredRun(folder, options, option);
        try
        {
            _ = (run.Arguments, run.Inputs, run.Directory, run.Version, options.GetProperty("options").EnumerateObject().All(IsOption));
            return run;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw RunReport.Foreign(folder.OptionsShown).AsException(e);
        }
    }

    static bool IsOption(JsonProperty option) => option.Value.GetProperty("value").ValueKind != JsonValueKind.Undefined;

    ImmutableArray<string> Texts(string name) => [.. _options.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    static Problem NotThere(string typed, CliEnvironment environment) => new(
        "DT7104", ExitCode.Unreadable, $"--resume {typed}: no run here",
        ["expected: the folder of a run, with options.json", .. Suggestion.Line(NearestName.Of(typed, environment))]);
}
