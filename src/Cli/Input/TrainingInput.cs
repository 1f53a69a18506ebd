using System.Collections.Immutable;
using DistTrain.Cli.Commands;
using DistTrain.Data;
using DistTrain.Data.Samples;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Training;

namespace DistTrain.Cli.Input;

/// <summary>The tables of a run.</summary>
/// <param name="Validation">The table of --validation FILE, or null.</param>
/// <param name="Sample">The sample as typed ("sample:preferences") where the data is generated, else null.</param>
sealed record TrainingInput(Table Table, Table? Validation, string? Sample)
{
    /// <summary>Class weights by file, or null.</summary>
    public ClassWeightFile? ClassWeights { get; private init; }

    /// <summary>Everything that was detected, guessed or made up.</summary>
    public IEnumerable<string> Findings => [.. Table.Findings, .. Validation?.Findings ?? []];

    public ImmutableArray<TableFile> Files => [.. Table.Files, .. Validation?.Files ?? []];

    /// <summary>Training options with what only the input's classes can tell.</summary>
    /// <exception cref="Problems.DistTrainException">DT4605: a weight for a class that there is not.</exception>
    public TrainingOptions Complete(TrainingOptions options, ClassList classes) =>
        ClassWeights is { } file ? options with { ClassWeights = file.For(classes) } : options;

    /// <summary>Reads what the settings name.</summary>
    public static TrainingInput Read(TrainSettings settings, CliEnvironment environment)
    {
        var sample = settings.Inputs.FirstOrDefault(InputFiles.IsSample);
        var training = sample is null ? InputFiles.Find(settings.Inputs, environment) : [];
        var classWeights = settings.ClassWeightFile is { } weights ? ClassWeightFile.Read(InputFiles.Find([weights], environment)[0]) : null;
        var validation = settings.ValidationFile is { } file ? InputFiles.Find([file], environment) : [];
        var table = sample is null
            ? TableReader.Read(training, settings.Table)
            : SampleSpec.Parse(InputFiles.SampleOf(sample)).CreateTable();
        var options = settings.Table with { Label = settings.Table.Label ?? table.Label?.Name };
        return new TrainingInput(table, validation.IsEmpty ? null : TableReader.Read(validation, options), sample)
        {
            ClassWeights = classWeights,
        };
    }
}
