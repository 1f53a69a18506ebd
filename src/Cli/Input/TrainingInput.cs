using System.Collections.Immutable;
using DistTrain.Cli.Commands;
using DistTrain.Data.Samples;
using DistTrain.Data.Tables;

namespace DistTrain.Cli.Input;

/// <summary>The tables of a run.</summary>
/// <param name="Validation">The table of --validation FILE, or null.</param>
/// <param name="Sample">The sample as typed ("sample:preferences") where the data is generated, else null.</param>
sealed record TrainingInput(Table Table, Table? Validation, string? Sample)
{
    /// <summary>Everything that was detected, guessed or made up.</summary>
    public IEnumerable<string> Findings => [.. Table.Findings, .. Validation?.Findings ?? []];

    public ImmutableArray<TableFile> Files => [.. Table.Files, .. Validation?.Files ?? []];

    /// <summary>Reads what the settings name.</summary>
    public static TrainingInput Read(TrainSettings settings, CliEnvironment environment)
    {
        var sample = settings.Inputs.FirstOrDefault(InputFiles.IsSample);
        var training = sample is null ? InputFiles.Find(settings.Inputs, environment) : [];
        var validation = settings.ValidationFile is { } file ? InputFiles.Find([file], environment) : [];
        var table = sample is null
            ? TableReader.Read(training, settings.Table)
            : SampleSpec.Parse(InputFiles.SampleOf(sample)).CreateTable();
        var options = settings.Table with { Label = settings.Table.Label ?? table.Label?.Name };
        return new TrainingInput(table, validation.IsEmpty ? null : TableReader.Read(validation, options), sample);
    }
}
