using System.Collections.Immutable;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Data.Tables.Detection;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Data.Direct;

/// <summary>Reads delimited text on several threads into the table that <see cref="DelimitedTable"/> makes of it.</summary>
/// <remarks>
/// Columns are numbers until a cell says otherwise: the first rows are read for that, then all, then all again where a later cell has made a
/// text of a column. Whatever is out of the ordinary ends it without a word, and is left to who reads row by row and knows what to say.
/// </remarks>
sealed class DirectTable
{
    /// <summary>Bytes of text that are read at once.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>Marks of <see cref="CountedStretch.Marks"/> to the end of the first rows.</summary>
    const int FirstMarks = 16;

    readonly DirectInput _input;
    readonly LabelRule? _labels;
    readonly IParallelFor _parallel;
    readonly CountedStretch[] _chunks;
    readonly string[] _hashes;
    ImmutableArray<bool> _isText;

    DirectTable(DirectInput input, LabelRule? labels, IParallelFor parallel, CountedStretch[] chunks)
    {
        (_input, _labels, _parallel, _chunks) = (input, labels, parallel, chunks);
        _hashes = new string[input.Files.Length];
        _isText = [.. input.Roles.Features.Select(feature => feature is TextColumnReader)];
    }

    /// <summary>The table; null where reading row by row must say what is wrong, or the files cannot be read at any offset.</summary>
    /// <param name="rolesOf">Decides on the columns once the first header is known.</param>
    /// <param name="chunkBytes">At least 1. It has no influence on what is read.</param>
    public static Table? TryRead(
        IReadOnlyList<IInputFile> files, DetectedFormat format, LabelRule? labels, Func<Header, ColumnRoles> rolesOf, IParallelFor parallel,
        int chunkBytes = ChunkBytes)
    {
        try
        {
            using var input = DirectInput.Open(files, format, rolesOf);
            // A line of white space is blank where a row is one cell.
            if (input is not { CellCount: > 1 } || input.Count(chunkBytes, parallel) is not { Length: > 0 } chunks) return null;
            return chunks[^1].FirstRow + chunks[^1].RowCount > 0 ? new DirectTable(input, labels, parallel, chunks).TryRead() : null;
        }
        catch (DistTrainException e) when (e.Problem.Code != DirectReading.Once)
        {
            return null;
        }
    }

    int RowCount => _chunks[^1].FirstRow + _chunks[^1].RowCount;

    Table? TryRead()
    {
        if (TryPass([FirstRows()], isWhole: false) is not { } first || !TrySettle(first.Findings, isWhole: false, out _)) return null;
        while (true)
        {
            if (TryPass(_chunks, isWhole: true) is not { } pass || !TrySettle(pass.Findings, isWhole: true, out var isSettled)) return null;
            if (isSettled) return TableOf(pass);
        }
    }

    /// <summary>The start of the first chunk with a row.</summary>
    CountedStretch FirstRows()
    {
        var chunk = Array.Find(_chunks, chunk => chunk.RowCount > 0)!;
        return chunk.Marks.Length <= FirstMarks
            ? chunk
            : chunk with { Chunk = chunk.Chunk with { End = chunk.Marks[FirstMarks] }, RowCount = FirstMarks * CountedStretch.MarkRows };
    }

    /// <summary>Reads chunks, and hashes the files where it is all of them.</summary>
    /// <returns>Null where a row is out of the ordinary.</returns>
    Pass? TryPass(CountedStretch[] chunks, bool isWhole)
    {
        var room = TableRoom.Of(_isText, _input.Roles, isWhole ? RowCount : chunks[0].RowCount);
        var readers = new Scratch<TableChunkReader>(() => new TableChunkReader(_input, room));
        var (texts, lines, hashCount, isGivenUp) = (new string[chunks.Length][][], LinesOf(chunks), isWhole ? _hashes.Length : 0, false);
        // Hashes first: they take longest.
        _parallel.Run(hashCount + chunks.Length, i =>
        {
            if (Volatile.Read(ref isGivenUp)) return;
            if (i < hashCount) _hashes[i] ??= FileStretch.HashOf(_input.Files[i].Bytes);
            else readers.Use(reader => Take(reader, i - hashCount));
        });
        if (isGivenUp) return null;

        var findings = new ColumnFindings(_isText.Length);
        foreach (var reader in readers.All) findings.Add(reader.Findings);
        return new Pass(room, texts, findings);

        void Take(TableChunkReader reader, int c)
        {
            if (reader.Read(chunks[c], lines[c]) is { } read) texts[c] = read;
            else Volatile.Write(ref isGivenUp, true);
        }
    }

    /// <summary>For each chunk the line that it starts on.</summary>
    int[] LinesOf(CountedStretch[] chunks)
    {
        var (lines, next) = (new int[chunks.Length], 0);
        for (var c = 0; c < chunks.Length; c++)
        {
            var file = chunks[c].Chunk.File;
            if (c == 0 || chunks[c - 1].Chunk.File != file) next = checked((int)_input.Files[file].Header.Line + 1);
            lines[c] = next;
            next += chunks[c].LineCount;
        }
        return lines;
    }

    /// <summary>Makes text of the columns that a cell has made text.</summary>
    /// <param name="isSettled">None of them was read as numbers.</param>
    /// <returns>False where a column of numbers holds what it must not, or nothing: then it may be text, or wrong.</returns>
    bool TrySettle(ColumnFindings findings, bool isWhole, out bool isSettled)
    {
        var features = _input.Roles.Features;
        isSettled = !findings.IsText.Contains(true);
        for (var d = 0; d < features.Length; d++)
        {
            var isDeclared = features[d] is NumericColumnReader { IsDeclared: true };
            if (findings.IsText[d] ? isDeclared : isWhole && !_isText[d] && (findings.IsOdd[d] || (!isDeclared && !findings.HasNumbers[d])))
                return false;
        }
        _isText = [.. _isText.Select((isText, d) => isText || findings.IsText[d])];
        return true;
    }

    Table? TableOf(Pass pass)
    {
        var (room, roles) = (pass.Room, _input.Roles);
        var dictionaries = new List<string>[room.Codes.Length];
        _parallel.Run(room.Codes.Length, column => dictionaries[column] = Merged(pass, column));
        if (_labels is { } rule && roles.Label is not null && !dictionaries[room.LabelText].TrueForAll(rule.Allows)) return null;

        ImmutableArray<TableColumn> features = [.. roles.Features.Select((feature, d) => ColumnOf(feature.Name, d))];
        return new Table
        {
            RowCount = RowCount,
            Columns = features,
            Label = roles.Label is null ? null : TextOf(roles.Label.Name, room.LabelText),
            Weights = room.Weights,
            Files = [.. _input.Files.Select((file, f) => new TableFile(file.Name, FirstRowOf(f), _hashes[f]))],
            Lines = room.Lines,
            Form = _input.Format.Form,
            Findings = [.. _input.Format.Findings, .. roles.Findings, DelimitedTable.Roles(features)],
        };

        TableColumn ColumnOf(string name, int d) => room.Numbers[d] is { } numbers ? new NumericColumn(name, numbers) : TextOf(name, room.TextOf[d]);

        TextColumn TextOf(string name, int column) => new(name, room.Codes[column], [.. dictionaries[column]]);
    }

    /// <summary>Numbers the texts of a column in order of first appearance in all chunks.</summary>
    /// <returns>The texts.</returns>
    List<string> Merged(Pass pass, int column)
    {
        var merge = DictionaryMerge.Of([.. pass.Texts.Select(texts => texts[column].AsMemory())], max: int.MaxValue)!;
        foreach (var (c, chunk) in _chunks.Index())
            foreach (ref var code in pass.Room.Codes[column].AsSpan(chunk.FirstRow, chunk.RowCount)) code = merge.CodeOf[c][code];
        return merge.Dictionary;
    }

    int FirstRowOf(int file) => Array.Find(_chunks, chunk => chunk.Chunk.File >= file)?.FirstRow ?? RowCount;

    /// <summary>What was read.</summary>
    /// <param name="Texts">For each chunk and text column the texts that the chunk's codes stand for.</param>
    sealed record Pass(TableRoom Room, string[][][] Texts, ColumnFindings Findings);
}
