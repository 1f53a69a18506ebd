using System.Collections.Immutable;
using DistTrain.Coordinator.Commands;
using DistTrain.Data;
using DistTrain.Data.Direct;
using DistTrain.Data.Samples;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Formats;
using DistTrain.Formats.Datasets;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Input;

/// <summary>What a run is trained on: tables, or a dataset that lies on a disk.</summary>
/// <param name="Table">Null where there is a dataset.</param>
/// <param name="Validation">The table of --validation FILE, or null.</param>
/// <param name="Origin">What a dataset of it was made from, and a model of it must know.</param>
sealed record TrainingInput(Table? Table, Table? Validation, DatasetOrigin Origin)
{
    /// <summary>The dataset on disk, its rows not read yet; null where there are tables.</summary>
    public StoredInput? Stored { get; init; }

    /// <summary>The dataset that was made while the files were read, or is made of them some shards at a time; null where it is made of the table.</summary>
    public DirectlyRead? Direct { get; init; }

    /// <summary>The sample as typed ("sample:preferences") where the data is generated, else null.</summary>
    public string? Sample => Origin.Synthetic;

    /// <summary>Everything that was detected, guessed or made up.</summary>
    public IEnumerable<string> Findings => (Stored?.Findings ?? Table?.Findings ?? []).Union(Validation?.Findings ?? []);

    /// <summary>Malformed rows that were left out.</summary>
    public int BadRowCount => (Table?.Bad.Count ?? 0) + (Validation?.Bad.Count ?? 0);

    public ImmutableArray<TableFile> Files => Origin.Files;

    /// <summary>
    /// Reads what the settings name; the validation file too where the other input is at fault, so that all is told at once.
    /// </summary>
    /// <exception cref="ProblemsFoundException">Everything about the input that cannot work.</exception>
    /// <param name="quarantine">Gets each malformed row that is left out; null: they are only counted.</param>
    /// <param name="readDirectly">Reads what can be read without a table, or refuses it for its size; null where it cannot after all.</param>
    /// <param name="memoryLimit">Bytes. What it has no room for in few bytes is read again when it is wanted.</param>
    public static TrainingInput Read(
        TrainSettings settings, CliEnvironment environment, Action<BadRow>? quarantine, Func<DirectReading, DirectlyRead?> readDirectly,
        long memoryLimit)
    {
        if (settings.IsDataset)
        {
            var stored = StoredInput.Open(settings.Inputs[0], environment);
            return new TrainingInput(null, null, stored.Dataset.Origin) { Stored = stored };
        }
        var problems = new List<Problem>();
        var sample = settings.Inputs.FirstOrDefault(InputFiles.IsSample);
        DirectlyRead? direct = null;
        var (isExact, room) = (settings.ValidationFile is not null, MemoryEstimate.RoomForRows(memoryLimit));
        var table = ReadOr(problems, () => sample is null
            ? (direct = ReadDirectly(settings, environment, readDirectly))?.Table
                ?? TableReader.Read(InputFiles.Find(settings.Inputs, environment), settings.Table, quarantine, environment.Parallel, isExact, room)
            : SampleSpec.Parse(InputFiles.SampleOf(sample)).CreateTable());
        var options = settings.Table with { Label = settings.Table.Label ?? table?.Label?.Name };
        var validation = settings.ValidationFile is { } file
            ? ReadOr(problems, () => TableReader.Read(InputFiles.Find([file], environment), options, quarantine, environment.Parallel, isExact, room))
            : null;
        ProblemsFoundException.ThrowIfAny(problems);
        return new TrainingInput(table, validation, OriginOf(table!, validation, settings)) { Direct = direct };
    }

    /// <summary>Null where the table is needed with all its cells, or the input is not that simple.</summary>
    static DirectlyRead? ReadDirectly(
        TrainSettings settings, CliEnvironment environment, Func<DirectReading, DirectlyRead?> read)
    {
        if (settings is not { ValidationFile: null, FoldCount: null }) return null;
        var files = InputFiles.Find(settings.Inputs, environment);
        return DirectReading.Open(files, settings.Table, settings.Dataset, environment.Parallel) is { } reading ? read(reading) : null;
    }

    /// <summary>The plan of the dataset that the tables make; null where there is a dataset already.</summary>
    public DatasetPlan? PlanFor(DatasetOptions options) =>
        Direct is null && Table is { } table ? DatasetBuilder.Plan(table, Validation, options) : null;

    /// <summary>Rows that are made when they are wanted.</summary>
    public static TrainingInput OfStreamed(IRowSource rows, TrainSettings settings) =>
        new(null, null, OriginOf(rows.TableOf([0]), null, settings));

    static DatasetOrigin OriginOf(Table table, Table? validation, TrainSettings settings) => new(
        Product.Version, FormOf(table, settings.Table), settings.Inputs.FirstOrDefault(InputFiles.IsSample),
        [.. table.Files, .. validation?.Files ?? []]);

    /// <summary>How the tables were read: the defaults of those who use a model of them.</summary>
    static ModelInput FormOf(Table table, TableOptions typed) => new(
        table.Label?.Name is { Length: > 0 } label ? label : null, typed.Weight,
        typed.Format is { } format ? Words.Of(format) : null, typed.Delimiter, typed.Encoding);

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
