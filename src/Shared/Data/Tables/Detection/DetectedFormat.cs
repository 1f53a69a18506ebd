using System.Collections.Immutable;
using System.Text;
using DistTrain.Data.Tables.Input;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Detection;

/// <summary>What the input is, from its options and the start of its first file.</summary>
/// <param name="Delimiter">Between cells; empty for LIBSVM.</param>
/// <param name="Findings">One line for each guess.</param>
sealed record DetectedFormat(TableFormat Format, string Delimiter, Encoding Encoding, ImmutableArray<string> Findings)
{
    const string LibsvmHint = "fix: --format libsvm, if it is that: the first line looks like it";

    /// <summary>Bytes of content that are looked at.</summary>
    const int SampleBytes = 1 << 16;

    /// <exception cref="DistTrainException">The file is empty, not text, or not readable; or the options do not fit it.</exception>
    public static DetectedFormat Of(IInputFile file, TableOptions options)
    {
        var start = InputContent.ReadStart(file, SampleBytes);
        if (start.Length == 0) throw FileProblems.Empty(file.Name).AsException();

        var mark = TextEncoding.OfMark(start);
        var encoding = options.Encoding is { } name ? TextEncoding.Find(name)! : mark ?? TextEncoding.Utf8;
        var sample = TextSample.Of(start, encoding, isWhole: start.Length < SampleBytes);
        if (sample.Text.Contains('\0', StringComparison.Ordinal)) throw FileProblems.NotText(file.Name).AsException();
        if (sample.HasCarriageReturnsOnly) throw FileProblems.CarriageReturns(file.Name).AsException();

        var format = options.Format ?? GuessFormat(sample, options);
        var delimiter = format switch
        {
            TableFormat.Libsvm => "",
            TableFormat.Tsv => "\t",
            _ => options.DelimiterText ?? DelimiterVote.Choose(sample),
        };
        if (format is TableFormat.Libsvm && options.FirstTextOption is { } option)
            throw OptionProblems.OptionOfLibsvm(option).AsException();
        if (format is not TableFormat.Libsvm && options.IndexBase is not null) throw OptionProblems.IndexBaseOfText().AsException();
        if (format is TableFormat.Csv && delimiter == "\t" && options.Format is null) format = TableFormat.Tsv;

        var found = new DetectedFormat(format, delimiter, encoding, [])
        {
            HasMark = mark is not null,
            MayBeLibsvm = format is not TableFormat.Libsvm && options.Format is null && LibsvmPattern.Matches(sample, linesMax: 1),
        };
        return found with { Findings = [.. found.Guesses(options)] };
    }

    /// <summary>The start of the file is a byte order mark.</summary>
    bool HasMark { get; init; }

    /// <summary>The first line is of LIBSVM, but a later one is not, so that the file was taken for delimited text.</summary>
    bool MayBeLibsvm { get; init; }

    public TextForm Form => new(Format, Format is TableFormat.Libsvm ? null : Delimiter, Encoding.WebName, HasMark);

    /// <summary>
    /// What <paramref name="read"/> gives; where that fails and the format may have been guessed wrongly, the problem says so.
    /// </summary>
    public Table Guarded(Func<Table> read)
    {
        try
        {
            return read();
        }
        catch (DistTrainException e) when (MayBeLibsvm)
        {
            throw new DistTrainException(e.Problem with { Details = [.. e.Problem.Details, LibsvmHint] }, e) { Others = e.Others };
        }
    }

    /// <summary>The user's word for it.</summary>
    public string Name => NameOf(Format);

    public static string NameOf(TableFormat format) => format switch
    {
        TableFormat.Csv => "CSV",
        TableFormat.Tsv => "TSV",
        _ => "LIBSVM",
    };

    static TableFormat GuessFormat(TextSample sample, TableOptions options) =>
        options.Delimiter is null && LibsvmPattern.Matches(sample) ? TableFormat.Libsvm : TableFormat.Csv;

    IEnumerable<string> Guesses(TableOptions options)
    {
        if (options.Format is null) yield return Finding.Of("format", $"{Name} (detected; --format to change)");
        if (options.Delimiter is null && Format is TableFormat.Csv)
            yield return Finding.Of("delimiter", $"\"{Delimiter}\" (detected; --delimiter to change)");
        if (options.Encoding is null)
        {
            var why = HasMark ? "from its byte order mark" : "assumed";
            yield return Finding.Of("encoding", $"{Encoding.WebName.ToUpperInvariant()} ({why}; --encoding to change)");
        }
    }
}
