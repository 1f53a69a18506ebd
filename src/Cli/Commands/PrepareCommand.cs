using System.CommandLine;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Datasets;
using DistTrain.Coordinator.Output;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Cli.Commands;

/// <summary>prepare INPUT… --out DIR: tables become a dataset on disk.</summary>
sealed class PrepareCommand : Command
{
    readonly TrainOptions _options = new();
    readonly CliEnvironment _environment;

    public PrepareCommand(CliEnvironment environment) : base("prepare", "turns tables into a dataset: a manifest and shards")
    {
        _environment = environment;
        _options.Out.Description = "the dataset's folder, new or empty";
        _options.Out.Required = true;
        _options.AddPreparationTo(this);
        SetAction((parsed, stop) => CommandThread.Run(() => Run(parsed), stop));
    }

    int Run(ParseResult parsed)
    {
        var settings = _options.ReadPreparation(parsed, _environment);
        ProblemsFoundException.ThrowIfAny(
        [
            .. _options.Problems(parsed, settings, _environment), .. ScoringInput.QuarantineProblems(parsed, settings.Table),
            .. ProblemsOf(settings),
        ]);
        var talk = new Talk(_environment.Error, settings.IsQuiet);
        var preparation = Preparation.Read(settings, _environment);
        foreach (var finding in preparation.Findings) talk.Note(finding);
        BadRowReport.Tell(talk, preparation.Input, quarantineShown: null);

        var written = preparation.Write(settings.Out!, _environment);
        if (settings.IsJson) WriteJson(settings.Out!, preparation, written);
        else WriteReport(settings, written);
        return (int)ExitCode.Done;
    }

    IEnumerable<Problem> ProblemsOf(TrainSettings settings)
    {
        if (settings.IsDataset)
        {
            yield return new("DT3210", ExitCode.Configuration, $"{settings.Inputs[0]} is a dataset already",
                "expected: files, globs or sample:NAME", "fix: name the tables that it was prepared from");
        }
        if (settings.Out is not { Length: > 0 } typed) yield break;
        var path = _environment.FullPath(typed);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            yield return new("DT3213", ExitCode.Configuration, $"--out {typed}: the folder is not empty",
                "expected: a new or empty folder", "fix: name another one");
        }
    }

    void WriteReport(TrainSettings settings, PreparedDataset prepared)
    {
        var shown = settings.Out!;
        var (output, manifest, written) = (_environment.Output, prepared.Manifest, prepared.Written);
        output.WriteTopic("dataset", shown);
        output.WriteTopic(
            "rows", $"{Figures.Count(manifest.TrainingRowCount)} to train on, {Figures.Count(manifest.ValidationRowCount)} held out, " +
                $"{Figures.Count(manifest.FeatureCount, "feature", "features")}, " +
                $"{Figures.Count(prepared.Classes.Count)} classes");
        foreach (var finding in StorageReport.Findings(manifest, settings.Dataset.DenseFormat)) output.WriteLine(finding);
        output.WriteTopic(
            "files", $"{Figures.Count(manifest.ShardCount, "shard", "shards")} to train on, " +
                $"{Figures.Count(written.All.Count(), "file", "files")}, {MemoryEstimate.Size(written.All.Sum(file => file.Bytes))}");
        output.WriteTopic("sha256", $"fingerprint {written.Fingerprint}");
        output.WriteTopic("next", $"disttrain train --format dataset {shown}");
    }

    void WriteJson(string shown, Preparation preparation, PreparedDataset prepared)
    {
        var (manifest, written) = (prepared.Manifest, prepared.Written);
        var result = new PrepareResultJson
        {
            Dataset = shown,
            Fingerprint = written.Fingerprint,
            ManifestSha256 = written.Manifest.Sha256,
            TrainingRows = manifest.TrainingRowCount,
            ValidationRows = manifest.ValidationRowCount,
            Features = manifest.FeatureCount,
            Classes = prepared.Classes.Names,
            Shards = manifest.ShardCount,
            Storage = StorageReport.ToJson(manifest),
            Bytes = written.All.Sum(file => file.Bytes),
            BadRows = preparation.Input.BadRowCount is > 0 and var bad ? bad : null,
        };
        _environment.Output.WriteLine(JsonLines.TextOf(result, ResultJsonContext.Default.PrepareResultJson));
    }
}
