using System.Collections.Immutable;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Problems;

namespace DistTrain.Data.Tables;

/// <summary>How input files become a table: what the user says instead of letting it be detected.</summary>
public sealed record TableOptions
{
    /// <summary>Most characters of a delimiter.</summary>
    const int DelimiterLengthMax = 8;

    /// <summary>Input format; null: detected from the content.</summary>
    public TableFormat? Format { get; init; }

    /// <summary>One to eight characters between cells, such as "," or "::"; "\t" and "tab" mean a tab; null: detected.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Name of the text encoding, such as "latin-1" or "utf-16"; null: UTF-8, or what a byte order mark says.</summary>
    public string? Encoding { get; init; }

    /// <summary>Label column; null: guessed from common names.</summary>
    public string? Label { get; init; }

    /// <summary>Column of example weights; null: all weights are 1.</summary>
    public string? Weight { get; init; }

    /// <summary>Columns to leave out.</summary>
    public ImmutableArray<string> Ignore { get; init; } = [];

    /// <summary>Columns that are text even where all their cells are numbers.</summary>
    public ImmutableArray<string> Categorical { get; init; } = [];

    /// <summary>Columns in which anything but a number is an error.</summary>
    public ImmutableArray<string> Numeric { get; init; } = [];

    /// <summary>What an empty numeric cell is; default: an error.</summary>
    public MissingCells Missing { get; init; } = MissingCells.Error;

    /// <summary>LIBSVM's first index, 0 or 1; null: 0 if any index of the whole input is 0, else 1.</summary>
    public int? IndexBase { get; init; }

    /// <summary>What becomes of malformed rows; default: they end the reading.</summary>
    public BadRowRule BadRows { get; init; } = BadRowRule.Fail;

    /// <summary>Labels that rows may have; null: any.</summary>
    public LabelRule? Labels { get; init; }

    /// <summary>The delimiter itself, its spellings resolved.</summary>
    internal string? DelimiterText => Delimiter is "\\t" or "tab" ? "\t" : Delimiter;

    /// <summary>All faults at once; empty where reading may start.</summary>
    public IEnumerable<Problem> Problems()
    {
        foreach (var problem in DelimiterProblems()) yield return problem;
        if (Encoding is { } name && TextEncoding.Find(name) is null) yield return OptionProblems.UnknownEncoding(name);
        if (IndexBase is not (null or 0 or 1)) yield return OptionProblems.IndexBase(IndexBase.Value);
        if (IndexBase is not null && Format is TableFormat.Csv or TableFormat.Tsv) yield return OptionProblems.IndexBaseOfText();
        if (Format is TableFormat.Libsvm && FirstTextOption is { } option) yield return OptionProblems.OptionOfLibsvm(option);
        foreach (var problem in BadRows.Problems()) yield return problem;
        foreach (var (column, options) in Contradictions()) yield return OptionProblems.SeveralRoles(column, options);
    }

    /// <summary>The first option given that means nothing for LIBSVM, or null.</summary>
    internal string? FirstTextOption =>
        Label is not null ? "--label"
        : Weight is not null ? "--weight"
        : !Ignore.IsDefaultOrEmpty ? "--ignore"
        : !Categorical.IsDefaultOrEmpty ? "--categorical"
        : !Numeric.IsDefaultOrEmpty ? "--numeric"
        : Delimiter is not null ? "--delimiter"
        : null;

    /// <summary>Columns with the option that names them, in the order of the options.</summary>
    internal IEnumerable<(string Column, string Option)> NamedColumns() =>
    [
        .. Label is null ? [] : new[] { (Label, "--label") },
        .. Weight is null ? [] : new[] { (Weight, "--weight") },
        .. Ignore.Select(column => (column, "--ignore")),
        .. Categorical.Select(column => (column, "--categorical")),
        .. Numeric.Select(column => (column, "--numeric")),
    ];

    IEnumerable<Problem> DelimiterProblems()
    {
        if (DelimiterText is not { } delimiter) yield break;
        if (delimiter.Length is 0 or > DelimiterLengthMax || delimiter.AsSpan().IndexOfAny("\"\r\n\uFFFF") >= 0)
            yield return OptionProblems.Delimiter(delimiter);
        else if (Format is TableFormat.Tsv && delimiter != "\t")
            yield return OptionProblems.DelimiterOfTsv(delimiter);
    }

    IEnumerable<(string Column, string Options)> Contradictions() =>
        from named in NamedColumns()
        group named.Option by named.Column into role
        let options = role.Distinct().ToArray()
        where options.Length > 1
        select (role.Key, string.Join(" and ", options));
}

/// <summary>What the bytes of an input file are.</summary>
public enum TableFormat
{
    /// <summary>Delimited text with a header line, quoted as RFC 4180 says; any delimiter.</summary>
    Csv,

    /// <summary>The same with tabs.</summary>
    Tsv,

    /// <summary>Lines of <c>label index:value …</c>.</summary>
    Libsvm,
}

/// <summary>What an empty cell of a numeric column is.</summary>
public enum MissingCells
{
    /// <summary>Malformed.</summary>
    Error,

    /// <summary>Missing: NaN in the table; it stands for the training mean.</summary>
    Mean,
}
