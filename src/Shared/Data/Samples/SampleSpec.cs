using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Detection;
using DistTrain.Problems;

namespace DistTrain.Data.Samples;

/// <summary>A synthetic data set by name and numbers: the same specification gives the same data everywhere.</summary>
/// <remarks>All randomness comes from <see cref="Numerics.CounterRandom"/>; only IEEE operations touch the numbers.</remarks>
public abstract record SampleSpec
{
    /// <summary>Most rows of a sample.</summary>
    internal const int RowsMax = 100_000_000;

    static readonly ImmutableArray<string> Names = ["preferences", "dense", "sparse"];

    /// <summary>The specification in full, as it follows <c>sample:</c>: name and every key.</summary>
    public abstract string Text { get; }

    /// <summary>How <see cref="Write"/> writes it.</summary>
    public abstract TableFormat Format { get; }

    /// <summary>Reads <c>NAME[,key=value…]</c>, such as <c>preferences,rows=2000,seed=7</c>.</summary>
    /// <exception cref="DistTrainException">An unknown name, key or word, or no number (exit 2); a number out of range (3).</exception>
    public static SampleSpec Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        return parts[0] switch
        {
            "preferences" => PreferencesSample.From(SampleArguments.Parse(parts, PreferencesSample.Keys)),
            "dense" => DenseSample.From(SampleArguments.Parse(parts, DenseSample.Keys)),
            "sparse" => SparseSample.From(SampleArguments.Parse(parts, SparseSample.Keys)),
            var name => throw SampleProblems.UnknownName(name, Names).AsException(),
        };
    }

    /// <summary>Makes the rows. Its file's hash is that of <see cref="Text"/>, which decides on every bit.</summary>
    public abstract Table CreateTable();

    /// <summary>Writes the rows as a file that reads back to the same table. The stream stays open.</summary>
    public void Write(Stream destination)
    {
        var table = CreateTable();
        if (Format is TableFormat.Libsvm) SampleWriter.WriteLibsvm(table, destination);
        else SampleWriter.WriteCsv(table, destination);
    }

    /// <summary>The table of these columns; its rows are on the lines that <see cref="Write"/> writes them to.</summary>
    private protected Table TableOf(ImmutableArray<TableColumn> columns, TextColumn label) =>
        TableOf(columns, label, [.. Enumerable.Range(0, label.Codes.Length)]);

    /// <summary>The same of some rows.</summary>
    /// <param name="rows">Their numbers in the sample.</param>
    private protected Table TableOf(ImmutableArray<TableColumn> columns, TextColumn label, int[] rows)
    {
        var firstLine = Format is TableFormat.Libsvm ? 1 : 2;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
        return new Table
        {
            RowCount = label.Codes.Length,
            Columns = columns,
            Label = label,
            Weights = null,
            Files = [new TableFile($"sample:{Text}", 0, hash)],
            Lines = Array.ConvertAll(rows, row => firstLine + row),
            Findings = [Finding.Of("source", $"synthetic: sample:{Text}")],
        };
    }
}
