using System.Collections.Immutable;
using DistTrain.Data.Tables.Delimited;

namespace DistTrain.Data.Direct;

/// <summary>Room for the rows of a table, column by column.</summary>
/// <param name="Numbers">For each feature its numbers; null where it is text.</param>
/// <param name="Codes">For each text column its codes, which are those of the chunk that a row is in.</param>
/// <param name="TextOf">For each feature the number of its text column; below 0 where it holds numbers.</param>
/// <param name="LabelText">The text column of the labels; below 0 where there are none.</param>
/// <param name="Weights">Null where all are 1.</param>
/// <param name="Lines">For each row, the physical line it starts on, the first of its file being 1.</param>
sealed record TableRoom(double[]?[] Numbers, int[][] Codes, int[] TextOf, int LabelText, float[]? Weights, int[] Lines)
{
    /// <param name="isText">For each feature whether it is read as text.</param>
    public static TableRoom Of(ImmutableArray<bool> isText, ColumnRoles roles, int rowCount)
    {
        var (textOf, count) = (new int[isText.Length], 0);
        for (var d = 0; d < textOf.Length; d++) textOf[d] = isText[d] ? count++ : -1;
        var labelText = roles.Label is null ? -1 : count++;
        return new TableRoom(
            [.. isText.Select(text => text ? null : GC.AllocateUninitializedArray<double>(rowCount))],
            [.. Enumerable.Range(0, count).Select(_ => GC.AllocateUninitializedArray<int>(rowCount))],
            textOf,
            labelText,
            roles.Weight is null ? null : GC.AllocateUninitializedArray<float>(rowCount),
            GC.AllocateUninitializedArray<int>(rowCount));
    }
}
