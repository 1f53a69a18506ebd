using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Protocol.Blocks;
using DistTrain.Protocol.Wire;

namespace DistTrain.Shared.Tests.Protocol.Blocks;

public sealed class SumsBlockTests
{
    static readonly ImmutableArray<ModelShape> Shapes = [new(2, 1), new(3, 5, 1), new(4, 40, 2, 30), new(9, 3, 0, 3)];

    public static TheoryData<EvaluationKind, ModelShape> Cases
    {
        get
        {
            var cases = new TheoryData<EvaluationKind, ModelShape>();
            foreach (var kind in Enum.GetValues<EvaluationKind>())
            {
                foreach (var shape in Shapes) cases.Add(kind, shape);
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Sums_come_back_to_the_bit(EvaluationKind kind, ModelShape shape)
    {
        var sums = FilledSums.Of(shape, kind);

        var back = await ReadAsync(SumsBlock.Encode(sums), shape, kind);

        FilledSums.AssertSame(sums, back);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Sums_that_came_back_are_added_like_those_that_stayed(EvaluationKind kind, ModelShape shape)
    {
        var (twice, added) = (FilledSums.Of(shape, kind), FilledSums.Of(shape, kind));
        twice.Add(FilledSums.Of(shape, kind));

        added.Add(await ReadAsync(SumsBlock.Encode(FilledSums.Of(shape, kind)), shape, kind));

        FilledSums.AssertSame(twice, added);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Sums_of_no_rows_come_back(EvaluationKind kind, ModelShape shape)
    {
        var sums = new EvaluationSums(shape, kind);

        FilledSums.AssertSame(sums, await ReadAsync(SumsBlock.Encode(sums), shape, kind));
    }

    [Fact]
    public void A_gradient_is_sent_from_the_memory_where_it_lies()
    {
        var sums = FilledSums.Of(new ModelShape(3, 5), EvaluationKind.Gradient);
        var block = SumsBlock.Encode(sums);

        sums.Gradient[0]++;

        Assert.Equal(sums.Gradient[0], BitConverter.ToInt64(block.Pieces[1].Span));
        Assert.Equal(112 + 8 * 12, block.Length);
    }

    [Fact]
    public async Task A_batch_with_sparse_features_takes_room_for_those_that_it_touches_alone()
    {
        var shape = new ModelShape(3, 1 << 20, 0, 1 << 20);
        var sums = FilledSums.Of(shape, EvaluationKind.Batch);
        var count = sums.Touched!.Features.Length;

        var block = SumsBlock.Encode(sums);

        Assert.Equal(112 + 2 * 8 + count * (2 * 8 + 4), block.Length);
        FilledSums.AssertSame(sums, await ReadAsync(block, shape, EvaluationKind.Batch));
    }

    [Fact]
    public async Task Sums_of_another_kind_or_shape_are_refused()
    {
        var shape = new ModelShape(3, 5);
        var block = SumsBlock.Encode(new EvaluationSums(shape, EvaluationKind.Gradient));

        var kind = await Assert.ThrowsAsync<WireException>(async () => await ReadAsync(block, shape, EvaluationKind.Closing));
        var other = await Assert.ThrowsAsync<WireException>(
            async () => await ReadAsync(block, new ModelShape(3, 6), EvaluationKind.Gradient));

        Assert.Contains("expected Closing", kind.Message);
        Assert.Contains("FeatureCount = 6", other.Message);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_block_of_another_length_is_refused_before_its_numbers_are_read(EvaluationKind kind, ModelShape shape)
    {
        var block = SumsBlock.Encode(FilledSums.Of(shape, kind));
        var header = InlineBlock.ToBytes(block)[..112];

        foreach (var length in new[] { block.Length - 1, block.Length + 1, block.Length + (1L << 40) })
        {
            await Assert.ThrowsAsync<WireException>(
                async () => await SumsBlock.ReadAsync(length, InlineBlock.FillFrom(header), shape, kind, default));
        }
    }

    [Theory]
    [InlineData(0, 'X'), InlineData(5, 2), InlineData(6, 1), InlineData(31, 0x80)]
    [InlineData(39, 0x80), InlineData(40, 1), InlineData(43, 0x80), InlineData(47, 1)]
    public async Task A_header_of_something_else_is_refused(int place, int value)
    {
        var shape = new ModelShape(3, 5);
        var bytes = InlineBlock.ToBytes(SumsBlock.Encode(new EvaluationSums(shape, EvaluationKind.Gradient))).ToArray();
        bytes[place] = (byte)value;

        await Assert.ThrowsAsync<WireException>(
            async () => await SumsBlock.ReadAsync(bytes.Length, InlineBlock.FillFrom(bytes), shape, EvaluationKind.Gradient, default));
    }

    [Theory, InlineData(7), InlineData(3), InlineData(-1), InlineData(30)]
    public async Task Touched_features_that_do_not_ascend_or_are_not_there_are_refused(int last)
    {
        var shape = new ModelShape(3, 40, 0, 30);
        var sums = new EvaluationSums(shape, EvaluationKind.Batch);
        FilledSums.Touch(sums.Touched!, 2, 7, 8);
        var bytes = InlineBlock.ToBytes(SumsBlock.Encode(sums)).ToArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(^4..), last);

        var refused = await Assert.ThrowsAsync<WireException>(
            async () => await SumsBlock.ReadAsync(bytes.Length, InlineBlock.FillFrom(bytes), shape, EvaluationKind.Batch, default));

        Assert.Contains($"Touched feature {last} after 7", refused.Message);
    }

    [Fact]
    public async Task More_touched_features_than_there_are_is_refused_before_memory_is_taken()
    {
        var shape = new ModelShape(3, 40, 0, 30);
        var header = InlineBlock.ToBytes(SumsBlock.Encode(new EvaluationSums(shape, EvaluationKind.Batch)))[..112].ToArray();
        BitConverter.TryWriteBytes(header.AsSpan(40), 31);

        var refused = await Assert.ThrowsAsync<WireException>(async () => await SumsBlock.ReadAsync(
            112 + 11 * 16 + 31 * 20, InlineBlock.FillFrom(header), shape, EvaluationKind.Batch, default));

        Assert.Contains("31 touched features; there are at most 30", refused.Message);
    }

    static ValueTask<EvaluationSums> ReadAsync(Block block, ModelShape shape, EvaluationKind kind) =>
        SumsBlock.ReadAsync(block.Length, InlineBlock.FillFrom(InlineBlock.ToBytes(block)), shape, kind, default);
}
