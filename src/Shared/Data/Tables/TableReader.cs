using DistTrain.Data.Direct;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Libsvm;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Data.Tables;

/// <summary>Input files as one table: several files are read one after the other, as if they were one.</summary>
/// <remarks>
/// CSV and TSV need a header; blank lines are left out. LIBSVM has none. All may be gzip. The first file decides on the format; the others
/// must agree with it. Rows keep the order of the input, and every guess is a line in <see cref="Table.Findings"/>.
/// </remarks>
public static class TableReader
{
    /// <summary>Reads labelled input, column types taken from all of it.</summary>
    /// <param name="files">At least one.</param>
    /// <param name="options">Without <see cref="TableOptions.Problems"/>.</param>
    /// <param name="quarantine">Gets each malformed row that is left out; null: they are only counted.</param>
    /// <param name="parallel">
    /// Where given, LIBSVM in plain files is read on several threads, and kept in few bytes for who makes a dataset of it.
    /// </param>
    /// <param name="isExact">
    /// Whether LIBSVM's values are kept as doubles whatever they are; as the validation table is, and the one that it belongs to: what is held
    /// dense is not known of either alone.
    /// </param>
    /// <param name="roomBytes">
    /// What the rows of LIBSVM may take of memory where they are kept in few bytes: where they take more, they are read again when they are
    /// wanted.
    /// </param>
    /// <exception cref="DistTrainException">The input is malformed (exit 4), or an option does not fit it (exit 3).</exception>
    public static Table Read(
        IReadOnlyList<IInputFile> files, TableOptions options, Action<BadRow>? quarantine = null,
        IParallelFor? parallel = null, bool isExact = false, long roomBytes = long.MaxValue) => NamingDamage(files, () =>
    {
        var bad = new BadRowLog(options.BadRows, quarantine);
        var format = DetectedFormat.Of(files[0], options);
        return format.Format is TableFormat.Libsvm
            ? (parallel is null ? null : CompactLibsvm.TryRead(files, format, options, isExact, parallel, roomBytes))
                ?? new LibsvmTable(files, format, bad, options.Labels, options.IndexBase).Read(labelRequired: true)
            : ReadDelimited(files, format, bad, options.Labels, header => ColumnRoles.ForTraining(header, options), parallel);
    });

    /// <summary>
    /// Reads input for a model: the schema says which columns are read and as what, and gives their order; others are left out. The
    /// options for column roles have no say, except for the weight.
    /// </summary>
    /// <param name="files">At least one.</param>
    /// <param name="options">Without <see cref="TableOptions.Problems"/>; its label goes before <paramref name="labelName"/>.</param>
    /// <param name="schema">The model's columns.</param>
    /// <param name="labelName">The model's label column; null only for a model trained on LIBSVM, or where no labels are required.</param>
    /// <param name="labelRequired">Every row must have a label. Else none is read: the table has no labels, whatever the input has.</param>
    /// <param name="parallel">Where given, LIBSVM in plain files is read on several threads, and kept in few bytes for who encodes it.</param>
    /// <exception cref="DistTrainException">
    /// The input is malformed or lacks a column (exit 4), or an option does not fit it (exit 3).
    /// </exception>
    public static Table ReadFor(
        IReadOnlyList<IInputFile> files, TableOptions options, FeatureSchema schema, string? labelName,
        bool labelRequired, IParallelFor? parallel = null) => NamingDamage(files, () =>
    {
        var indexed = schema.Columns.OfType<IndexedColumnsSchema>().FirstOrDefault();
        var format = DetectedFormat.Of(files[0], options);
        if (format.Format is TableFormat.Libsvm != indexed is not null)
        {
            var expected = indexed is null ? "delimited text" : "LIBSVM";
            return format.Guarded(() => throw FileProblems.OtherThanModel(files[0].Name, format.Name, expected).AsException());
        }

        var bad = new BadRowLog(options.BadRows, quarantine: null);
        if (indexed is not null)
        {
            return (parallel is null ? null : CompactLibsvm.TryReadFor(files, format, options, indexed.IndexBase, labelRequired, parallel))
                ?? new LibsvmTable(files, format, bad, options.Labels, options.IndexBase, indexed.IndexBase).Read(labelRequired);
        }

        var label = options.Label ?? labelName;
        if (labelRequired) ArgumentNullException.ThrowIfNull(label, nameof(labelName));
        return ReadDelimited(
            files, format, bad, options.Labels, header => ColumnRoles.ForModel(header, options, schema, labelRequired ? label : null), parallel);
    });

    static Table ReadDelimited(
        IReadOnlyList<IInputFile> files, DetectedFormat format, BadRowLog bad, LabelRule? labels, Func<Header, ColumnRoles> rolesOf,
        IParallelFor? parallel) =>
        (parallel is null ? null : DirectTable.TryRead(files, format, labels, rolesOf, parallel))
            ?? format.Guarded(() => new DelimitedTable(files, format, bad).Read(rolesOf));

    /// <summary>What the files are, from the first.</summary>
    /// <exception cref="DistTrainException">It is no text that can be read, or an option does not fit it.</exception>
    internal static DetectedFormat FormatOf(IReadOnlyList<IInputFile> files, TableOptions options) =>
        NamingDamage(files, () => DetectedFormat.Of(files[0], options));

    /// <summary>A gzip file that was damaged or cut short often shows in its rows first: then the damage is the problem to tell.</summary>
    static T NamingDamage<T>(IReadOnlyList<IInputFile> files, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DistTrainException e) when (e.Problem is { Line: not null, File: not null })
        {
            if (files.FirstOrDefault(file => file.Name == e.Problem.File) is { } file && InputContent.IsDamagedGzip(file))
                throw FileProblems.DamagedGzip(file.Name).AsException(e);
            throw;
        }
    }
}
