using CsCheck;
using DistTrain.Data.Storage;

namespace DistTrain.Shared.Tests.Data.Storage;

public class PiecesTests
{
    [Fact]
    public void Pieces_cover_all_rows_and_differ_by_one_at_most() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int[0, int.MaxValue]).Sample(
            (pieceCount, rowCount) =>
            {
                var sizes = Enumerable.Range(0, pieceCount)
                    .Select(p => Pieces.StartOf(p + 1, pieceCount, rowCount) - Pieces.StartOf(p, pieceCount, rowCount)).ToList();
                return Pieces.StartOf(0, pieceCount, rowCount) == 0 && sizes.Sum() == rowCount && sizes.Max() - sizes.Min() <= 1;
            },
            iter: 200, seed: "0000KeOPrtO4");

    [Fact]
    public void Ten_rows_in_three_pieces() =>
        Assert.Equal([0, 3, 6, 10], Enumerable.Range(0, 4).Select(piece => Pieces.StartOf(piece, 3, 10)));
}
