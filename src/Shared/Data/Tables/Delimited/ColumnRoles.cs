using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables.Detection;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Which column is read as what.</summary>
/// <param name="Features">Readers of the feature columns.</param>
/// <param name="Findings">One line for each guess.</param>
sealed record ColumnRoles(
    ImmutableArray<ColumnReader> Features, LabelColumnReader? Label, WeightColumnReader? Weight, ImmutableArray<string> Findings)
{
    /// <summary>
    /// All readers. Those that may refuse a cell come first: what they refuse tells the others nothing about their columns.
    /// </summary>
    public ColumnReader[] All
    {
        get
        {
            ColumnReader?[] all = [Label, Weight, .. Features.OrderBy(reader => reader is NumericColumnReader { IsDeclared: true } ? 0 : 1)];
            return [.. all.OfType<ColumnReader>()];
        }
    }

    /// <summary>Empty readers of the same columns, for which it is settled what the cells are.</summary>
    public ColumnRoles Afresh() => this with
    {
        Features = [.. Features.Select(reader => reader.Afresh())],
        Label = (LabelColumnReader?)Label?.Afresh(),
        Weight = (WeightColumnReader?)Weight?.Afresh(),
    };

    /// <summary>Names that usually mean the label, the likeliest first; compared without case.</summary>
    static readonly string[] LabelNames =
    [
        "label", "class", "target", "y", "preference", "rating", "outcome", "response",
        "like", "liked", "likes", "stars", "choice", "sentiment",
    ];

    /// <summary>Roles for training: what the options name, a guessed label, all others features in the order of the header.</summary>
    /// <exception cref="DistTrainException">A named column is not there, no label is found, or no feature is left.</exception>
    public static ColumnRoles ForTraining(Header header, TableOptions options)
    {
        MustExist(options.NamedColumns().Select(named => ((string?)named.Column, named.Option)), header);
        var free = header.Names.Except(options.Ignore).Where(name => name != options.Weight).ToArray();
        var label = options.Label ?? GuessLabel(free.Except(options.Categorical).Except(options.Numeric))
            ?? throw ColumnProblems.NoLabel(header.File, header.Names).AsException();
        var features = free.Where(name => name != label).Select(name => ReaderFor(name, header, options)).ToImmutableArray();
        if (features.IsEmpty) throw ColumnProblems.NoFeatures(header.File).AsException();

        return new ColumnRoles(
            features,
            new LabelColumnReader(label, header.Names.IndexOf(label), options.Labels),
            WeightReader(header, options.Weight),
            options.Label is null ? [Finding.Of("label", $"\"{label}\" (guessed; --label NAME to change)")] : []);
    }

    /// <summary>Roles that a model's schema gives; columns it does not know are left out.</summary>
    /// <param name="label">Null where rows need no labels; then the weight column may be absent too.</param>
    /// <exception cref="DistTrainException">A column that the model needs, the label or the weight is not there.</exception>
    public static ColumnRoles ForModel(Header header, TableOptions options, FeatureSchema schema, string? label)
    {
        var known = schema.Columns.Select(column => column.Name).ToArray();
        var missing = known.Except(header.Names).ToArray();
        if (missing.Length > 0) throw ColumnProblems.MissingForModel(header.File, missing, header.Names).AsException();
        MustExist([(label, "--label"), (label is null ? null : options.Weight, "--weight")], header);

        var unknown = header.Names.Except(known).Where(name => name != label && name != options.Weight).ToArray();
        return new ColumnRoles(
            [.. schema.Columns.Select(column => ReaderFor(column, header))],
            label is null ? null : new LabelColumnReader(label, header.Names.IndexOf(label), options.Labels),
            WeightReader(header, header.Names.FirstOrDefault(name => name == options.Weight)),
            unknown.Length == 0 ? [] : [Finding.Of("ignored", $"{ColumnProblems.Quoted(unknown)} (not used by the model)")]);
    }

    static void MustExist(IEnumerable<(string? Name, string Option)> columns, Header header)
    {
        (string, string)[] unknown =
            [.. columns.Where(named => named.Name is not null && !header.Names.Contains(named.Name))
                .Select(named => (named.Name!, named.Option))];
        if (unknown.Length > 0) throw ColumnProblems.Unknown(header.File, unknown, header.Names).AsException();
    }

    static string? GuessLabel(IEnumerable<string?> columns) =>
        LabelNames
            .Select(name => columns.FirstOrDefault(column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(found => found is not null);

    static ColumnReader ReaderFor(string name, Header header, TableOptions options)
    {
        var index = header.Names.IndexOf(name);
        return options.Categorical.Contains(name)
            ? new TextColumnReader(name, index)
            : new NumericColumnReader(name, index, options.Numeric.Contains(name), options.Missing is MissingCells.Mean);
    }

    static ColumnReader ReaderFor(ColumnSchema column, Header header)
    {
        var index = header.Names.IndexOf(column.Name);
        return column is NumericColumnSchema numeric
            ? new NumericColumnReader(column.Name, index, isDeclared: true, allowsMissing: numeric.HasMissingIndicator, ofModel: true)
            : new TextColumnReader(column.Name, index);
    }

    static WeightColumnReader? WeightReader(Header header, string? weight) =>
        weight is null ? null : new WeightColumnReader(weight, header.Names.IndexOf(weight));
}
