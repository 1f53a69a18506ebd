using System.Collections.Immutable;
using System.Globalization;

namespace DistTrain.FaultHarness;

/// <summary>What the harness is asked to do.</summary>
/// <param name="Seed">Of all choices.</param>
/// <param name="IsLong">Everything the product promises, in a quarter of an hour; else some of each, in a minute and a half.</param>
/// <param name="Suites">What is run, by name.</param>
/// <param name="Report">Where the report goes as JSON; null: nowhere.</param>
/// <param name="Nursery">The nursery table, where there is one.</param>
/// <param name="Keep">Where runs and logs stay; null: they are removed, unless something failed.</param>
sealed record HarnessOptions(int Seed, bool IsLong, ImmutableArray<string> Suites, string? Report, string? Nursery, string? Keep)
{
    /// <summary>By what the limits of recoveries are multiplied, at least 1: more where other work shares the processors.</summary>
    public int Slack { get; init; } = 1;

    public const string Usage =
        "fault-harness [--long] [--seed N] [--suite NAME,…] [--report FILE] [--nursery FILE] [--keep DIR] [--slack N]";

    // Partition and schism need root: they are asked for by name.
    static readonly ImmutableArray<string> Known = ["compare", "disturb", "succeed", "partition", "schism"];

    /// <returns>Null: not understood.</returns>
    public static HarnessOptions? Parse(string[] arguments)
    {
        var options = new HarnessOptions(1, false, [], null, null, null);
        var rest = new Queue<string>(arguments);
        while (options is not null && rest.TryDequeue(out var name))
            options = name == "--long" ? options with { IsLong = true } : rest.TryDequeue(out var value) ? options.With(name, value) : null;
        return options;
    }

    /// <summary>Whether it was asked for, or belongs to what is run where nothing is named.</summary>
    public bool Runs(string suite) =>
        Suites.IsEmpty ? suite is "compare" or "disturb" || (suite == "succeed" && IsLong) : Suites.Contains(suite);

    HarnessOptions? With(string name, string value) => name switch
    {
        "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) => this with { Seed = seed },
        "--suite" when value.Split(',') is var names && names.All(Known.Contains) => this with { Suites = [.. names] },
        "--slack" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var slack) && slack > 0 => this with { Slack = slack },
        "--report" => this with { Report = value },
        "--nursery" => this with { Nursery = value },
        "--keep" => this with { Keep = value },
        _ => null,
    };
}
