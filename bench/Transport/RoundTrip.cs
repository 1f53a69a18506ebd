using DistTrain.Learning;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Bench.Transport;

/// <summary>12M parameters to a worker as float32, and their sums back as 8-byte integers.</summary>
sealed class RoundTrip
{
    static readonly ModelShape Shape = new(12, 999_999);

    readonly Parameters _parameters;
    readonly EvaluationSums _sums;
    readonly byte[] _parametersBytes;
    readonly byte[] _sumsBytes;
    readonly byte[] _parametersRoom;
    readonly byte[] _sumsRoom;

    public RoundTrip()
    {
        var random = new Random(1);
        _parameters = new Parameters(Shape, [.. Enumerable.Range(0, Shape.ParameterCount).Select(_ => (double)random.NextSingle())]);
        _sums = new EvaluationSums(Shape, EvaluationKind.Gradient);
        for (var i = 0; i < _sums.Gradient.Length; i++) _sums.Gradient[i] = random.NextInt64();
        _parametersBytes = InlineBlock.ToBytes(ParametersBlock.Encode(_parameters)).ToArray();
        _sumsBytes = InlineBlock.ToBytes(SumsBlock.Encode(_sums)).ToArray();
        (_parametersRoom, _sumsRoom) = (new byte[_parametersBytes.Length], new byte[_sumsBytes.Length]);
    }

    /// <summary>Of both ways.</summary>
    public long Bytes => _parametersBytes.Length + (long)_sumsBytes.Length;

    /// <summary>The bytes alone.</summary>
    public async Task MoveBytes(IMove move)
    {
        await move.Move(_parametersBytes, _parametersRoom);
        await move.Move(_sumsBytes, _sumsRoom);
    }

    /// <summary>From the numbers of one node to the numbers of the other: encoded, published, fetched, decoded.</summary>
    public async Task MoveNumbers(PlaneMove plane)
    {
        var parameters = await plane.Move(
            ParametersBlock.Encode(_parameters), (length, fill, stop) => ParametersBlock.ReadAsync(length, fill, Shape, stop));
        var sums = await plane.Move(
            SumsBlock.Encode(_sums), (length, fill, stop) => SumsBlock.ReadAsync(length, fill, Shape, EvaluationKind.Gradient, stop));
        Require(parameters.Values.Length == _parameters.Values.Length && sums.Gradient.Length == _sums.Gradient.Length);
    }

    /// <summary>Whether the bytes that were moved last are the bytes that were sent; then forgets them.</summary>
    public void CheckBytes()
    {
        Require(_parametersBytes.AsSpan().SequenceEqual(_parametersRoom) && _sumsBytes.AsSpan().SequenceEqual(_sumsRoom));
        Array.Clear(_parametersRoom);
        Array.Clear(_sumsRoom);
    }

    static void Require(bool isRight)
    {
        if (!isRight) throw new InvalidOperationException("Something else arrived than was sent.");
    }
}
