using System.Collections.Immutable;
using DistTrain.Coordinator.Commands;
using DistTrain.Data.Samples;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Input;

/// <summary>The tables of a run.</summary>
/// <param name="Validation">The table of --validation FILE, or null.</param>
/// <param name="Sample">The sample as typed ("sample:preferences") where the data is generated, else null.</param>
sealed record TrainingInput(Table Table, Table? Validation, string? Sample)
{
    /// <summary>Everything that was detected, guessed or made up.</summary>
    public IEnumerable<string> Findings => Table.Findings.Union(Validation?.Findings ?? []);

    /// <summary>Malformed rows that were left out.</summary>
    public int BadRowCount => Table.Bad.Count + (Validation?.Bad.Count ?? 0);

    public ImmutableArray<TableFile> Files => [.. Table.Files, .. Validation?.Files ?? []];

    /// <summary>
    /// Reads what the settings name; the validation file too where the other input is at fault, so that all is told at once.
    /// </summary>
    /// <exception cref="ProblemsFoundException">Everything about the input that cannot work.</exception>
    /// <param name="quarantine">Gets each malformed row that is left out; null: they are only counted.</param>
    public static TrainingInput Read(TrainSettings settings, CliEnvironment environment, Action<BadRow>? quarantine)
    {
        var problems = new List<Problem>();
        var sample = settings.Inputs.FirstOrDefault(InputFiles.IsSample);
        var table = ReadOr(problems, () => sample is null
            ? TableReader.Read(InputFiles.Find(settings.Inputs, environment), settings.Table, quarantine)
            : SampleSpec.Parse(InputFiles.SampleOf(sample)).CreateTable());
        var options = settings.Table with { Label = settings.Table.Label ?? table?.Label?.Name };
        var validation = settings.ValidationFile is { } file
            ? ReadOr(problems, () => TableReader.Read(InputFiles.Find([file], environment), options, quarantine))
            : null;
        ProblemsFoundException.ThrowIfAny(problems);
        return new TrainingInput(table!, validation, sample);
    }

    static Table? ReadOr(List<Problem> problems, Func<Table> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (ProblemsFoundException.In(e) is { IsEmpty: false } found)
        {
            problems.AddRange(found);
            return null;
        }
    }
}
