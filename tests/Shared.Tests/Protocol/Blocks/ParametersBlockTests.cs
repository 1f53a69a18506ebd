using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Protocol.Blocks;
using DistTrain.Protocol.Wire;

namespace DistTrain.Shared.Tests.Protocol.Blocks;

public sealed class ParametersBlockTests
{
    static readonly ModelShape Shape = new(ClassCount: 3, FeatureCount: 5, InactiveClassCount: 1, SparseCount: 2);

    [Theory]
    [InlineData(2, 1), InlineData(3, 5), InlineData(5, 64), InlineData(7, 12_345)]
    public async Task Weights_that_are_floats_travel_in_four_bytes_and_come_back_to_the_bit(int classCount, int featureCount)
    {
        var shape = new ModelShape(classCount, featureCount);
        var parameters = Random(shape, value => (float)value);

        var block = ParametersBlock.Encode(parameters);

        Assert.Equal(32 + 4L * classCount * featureCount + 8L * classCount, block.Length);
        AssertSameBits(parameters, await ReadAsync(block, shape));
    }

    [Theory]
    [InlineData(2, 1), InlineData(3, 5), InlineData(7, 12_345)]
    public async Task One_weight_that_is_no_float_makes_all_travel_in_eight_bytes(int classCount, int featureCount)
    {
        var shape = new ModelShape(classCount, featureCount);
        var parameters = Random(shape, value => (float)value);
        parameters.Values[classCount * featureCount - 1] = 0.1;

        var block = ParametersBlock.Encode(parameters);

        Assert.Equal(32 + 8L * classCount * (featureCount + 1), block.Length);
        AssertSameBits(parameters, await ReadAsync(block, shape));
    }

    [Fact]
    public async Task Every_bit_pattern_comes_back()
    {
        double[] special =
        [
            0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7ff0000000000001), double.PositiveInfinity, double.NegativeInfinity,
            double.Epsilon, float.Epsilon, float.MaxValue, -(double)float.MaxValue * 2, double.MaxValue, 1e-310, 1 + 1e-12, 1, 2, 3, 4, 5,
        ];
        var parameters = new Parameters(Shape, special);

        AssertSameBits(parameters, await ReadAsync(ParametersBlock.Encode(parameters), Shape));
    }

    [Fact]
    public async Task Intercepts_may_be_no_floats_while_weights_are()
    {
        var parameters = Random(Shape, value => (float)value);
        parameters.Intercepts[1] = 1.0 / 3;

        var block = ParametersBlock.Encode(parameters);

        Assert.Equal(32 + 4 * 15 + 8 * 3, block.Length);
        AssertSameBits(parameters, await ReadAsync(block, Shape));
    }

    [Fact]
    public void A_block_of_equal_parameters_has_an_equal_hash() => Assert.Equal(
        ParametersBlock.Encode(Random(Shape, value => (float)value)).Hash,
        ParametersBlock.Encode(Random(Shape, value => (float)value)).Hash);

    [Fact]
    public async Task A_block_of_another_shape_is_refused_by_name()
    {
        var block = ParametersBlock.Encode(new Parameters(Shape));

        var refused = await Assert.ThrowsAsync<WireException>(async () => await ReadAsync(block, Shape with { SparseCount = 1 }));

        Assert.Contains("SparseCount = 2", refused.Message);
        Assert.Contains("SparseCount = 1", refused.Message);
    }

    [Theory]
    [InlineData(-1), InlineData(1), InlineData(1L << 50)]
    public async Task A_block_of_another_length_is_refused_before_its_numbers_are_read(long difference)
    {
        var block = ParametersBlock.Encode(new Parameters(Shape));
        var fill = InlineBlock.FillFrom(InlineBlock.ToBytes(block)[..32]);

        var refused = await Assert.ThrowsAsync<WireException>(
            async () => await ParametersBlock.ReadAsync(block.Length + difference, fill, Shape, default));

        Assert.Contains($"{block.Length + difference} bytes", refused.Message);
    }

    [Theory]
    [InlineData(0, 'X'), InlineData(4, 5), InlineData(4, 0), InlineData(5, 1), InlineData(31, 1)]
    public async Task A_header_of_something_else_is_refused(int place, int value)
    {
        var bytes = InlineBlock.ToBytes(ParametersBlock.Encode(new Parameters(Shape))).ToArray();
        bytes[place] = (byte)value;

        await Assert.ThrowsAsync<WireException>(
            async () => await ParametersBlock.ReadAsync(bytes.Length, InlineBlock.FillFrom(bytes), Shape, default));
    }

    [Fact]
    public async Task A_block_that_ends_early_is_an_end_of_stream()
    {
        var bytes = InlineBlock.ToBytes(ParametersBlock.Encode(new Parameters(Shape)));

        await Assert.ThrowsAsync<EndOfStreamException>(
            async () => await ParametersBlock.ReadAsync(bytes.Length, InlineBlock.FillFrom(bytes[..^1]), Shape, default));
    }

    static Parameters Random(ModelShape shape, Func<double, double> rounded)
    {
        var random = new CounterRandom(seed: 7, stream: 1);
        var values = new double[shape.ParameterCount];
        for (var i = 0; i < values.Length; i++) values[i] = rounded(random.NextDouble() - 0.5);
        return new Parameters(shape, values);
    }

    static ValueTask<Parameters> ReadAsync(Block block, ModelShape shape) =>
        ParametersBlock.ReadAsync(block.Length, InlineBlock.FillFrom(InlineBlock.ToBytes(block)), shape, default);

    static void AssertSameBits(Parameters expected, Parameters actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Values.Select(BitConverter.DoubleToInt64Bits), actual.Values.Select(BitConverter.DoubleToInt64Bits));
    }
}
